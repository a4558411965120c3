import type { Movie } from '../../model/data/movie.ts'
import { type TextColumn, textAt, textColumn } from '../../model/data/text-column.ts'
import { type IdTable, idTable } from '../../model/data/vocabulary.ts'
import { addTo, type BitSet, createBitSet } from '../../numeric/search/bit-set.ts'
import { sortedIndices } from '../../numeric/search/sorted-indices.ts'
import { type MoviesSegment, moviesOf } from '../../storage/movies/load-movies.ts'
import { foldText } from './fold-text.ts'

/** Movies in columns, row by row; texts and arrays alone, so that another thread can make them. */
export type CatalogueTable = {
  readonly version: string
  readonly ids: IdTable
  readonly titles: TextColumn
  /** Of each movie with "|" between them. */
  readonly genres: TextColumn
  /** 0 where not known. */
  readonly years: Int16Array
  /** The titles as they are compared in a search. */
  readonly foldedTitles: TextColumn
  /** The rows of each genre, by its folded name. */
  readonly rowsOfGenre: ReadonlyMap<string, BitSet>
  /** Each genre as it was first written, by its folded name. */
  readonly genreNames: ReadonlyMap<string, string>
  /** The rows by their place: the beginning of the folded title, then id. */
  readonly order: Uint32Array
}

/** Tabulates movies, of which no two have one id. */
export function catalogueTable(movies: readonly Movie[], version: string): CatalogueTable {
  const ids = idTable(textColumn(movies.map(({ movieId }) => movieId)))
  const foldedTitles = textColumn(movies.map(({ title }) => foldText(title)))
  const folded = new Map<string, string>()
  const rowsOfGenre = new Map<string, BitSet>()
  const genreNames = new Map<string, string>()
  for (const [row, { genres }] of movies.entries())
    for (const name of genres) {
      const genre = folded.get(name) ?? foldText(name)
      folded.set(name, genre)
      if (!genreNames.has(genre)) genreNames.set(genre, name)
      const rows = rowsOfGenre.get(genre) ?? createBitSet(movies.length)
      addTo(rows, row)
      rowsOfGenre.set(genre, rows)
    }
  return {
    version,
    ids,
    titles: textColumn(movies.map(({ title }) => title)),
    genres: textColumn(movies.map(({ genres }) => genres.join('|'))),
    years: Int16Array.from(movies, ({ year }) => year ?? 0),
    foldedTitles,
    rowsOfGenre,
    genreNames,
    order: sortedIndices(movies.length, (a, b) =>
      comparePlaces(placeOf({ foldedTitles, ids }, a), placeOf({ foldedTitles, ids }, b)),
    ),
  }
}

/** Tabulates the movies of some segments; an `internal` error when one is damaged. */
export function prepareCatalogue(
  segments: readonly MoviesSegment[],
  version: string,
): CatalogueTable {
  return catalogueTable(moviesOf(segments), version)
}

const placeLength = 200

/** A movie's place in the order of titles; it outlives a new catalogue. */
export type Place = { readonly title: string; readonly movieId: string }

/** The place of the movie in a row, by the beginning of its title: a cursor has to hold it. */
export function placeOf(
  { foldedTitles, ids }: Pick<CatalogueTable, 'foldedTitles' | 'ids'>,
  row: number,
): Place {
  return { title: textAt(foldedTitles, row).slice(0, placeLength), movieId: textAt(ids, row) }
}

/** Negative where the first comes before the second, by UTF-16 units of title, then id. */
export function comparePlaces(a: Place, b: Place): number {
  if (a.title !== b.title) return a.title < b.title ? -1 : 1
  if (a.movieId === b.movieId) return 0
  return a.movieId < b.movieId ? -1 : 1
}
