import type { Movie } from '../../model/data/movie.ts'
import { type TextColumn, textAt, textColumn } from '../../model/data/text-column.ts'
import { type IdTable, idTable } from '../../model/data/vocabulary.ts'
import { addTo, type BitSet, createBitSet } from '../../numeric/search/bit-set.ts'
import { sortedIndices } from '../../numeric/search/sorted-indices.ts'
import { type MoviesSegment, moviesOf } from '../../storage/movies/load-movies.ts'
import type { StoredMovie } from '../../storage/movies/movies-segment.ts'
import type { Damage } from '../../storage/segments/load-segments.ts'
import { foldText } from './fold-text.ts'

/** Movies in columns, row by row; texts and arrays alone, so that another thread can make them. */
export type CatalogueTable = {
  readonly version: string
  readonly ids: IdTable
  readonly titles: TextColumn
  /** Of each movie with "|" between them. */
  readonly genres: TextColumn
  /** Of IMDb and of TMDB; empty where not known. */
  readonly imdbIds: TextColumn
  readonly tmdbIds: TextColumn
  /** 0 where not known. */
  readonly years: Int16Array
  /** The titles as they are compared in a search. */
  readonly foldedTitles: TextColumn
  /** The rows of each genre, by its folded name: of the `mostGenres` that have most. */
  readonly rowsOfGenre: ReadonlyMap<string, BitSet>
  /** Each genre as it was first written, by its folded name. */
  readonly genreNames: ReadonlyMap<string, string>
  /** The rows that no list shows; null for none. */
  readonly hidden: BitSet | null
  /** The rows by their place: the beginning of the folded title, then id. */
  readonly order: Uint32Array
  /** Those that were told of one by one; some are gone. */
  readonly toldIds: readonly string[]
}

/** Genres that can be asked for: each is a set of movies, and a file may name ten thousand. */
const mostGenres = 1_000

/** Tabulates movies, of which no two have one id. */
export function catalogueTable(
  movies: readonly StoredMovie[],
  version: string,
  toldIds: readonly string[] = [],
): CatalogueTable {
  const ids = idTable(textColumn(movies.map(({ movieId }) => movieId)))
  const foldedTitles = textColumn(movies.map(({ title }) => foldText(title)))
  return {
    version,
    ids,
    titles: textColumn(movies.map(({ title }) => title)),
    genres: textColumn(movies.map(({ genres }) => genres.join('|'))),
    imdbIds: textColumn(movies.map(({ imdbId = '' }) => imdbId)),
    tmdbIds: textColumn(movies.map(({ tmdbId = '' }) => tmdbId)),
    years: Int16Array.from(movies, ({ year }) => year ?? 0),
    foldedTitles,
    rowsOfGenre: rowsByGenre(movies),
    genreNames: namesOfGenres(movies),
    hidden: hiddenRows(movies),
    toldIds,
    order: sortedIndices(movies.length, (a, b) =>
      comparePlaces(placeOf({ foldedTitles, ids }, a), placeOf({ foldedTitles, ids }, b)),
    ),
  }
}

function hiddenRows(movies: readonly StoredMovie[]): BitSet | null {
  if (!movies.some(({ isHidden }) => isHidden)) return null
  const hidden = createBitSet(movies.length)
  for (const [row, { isHidden }] of movies.entries()) if (isHidden) addTo(hidden, row)
  return hidden
}

function rowsByGenre(movies: readonly Movie[]): Map<string, BitSet> {
  const folded = new Map<string, string>()
  const counts = new Map<string, number>()
  for (const { genres } of movies)
    for (const name of genres) {
      const genre = folded.get(name) ?? foldText(name)
      folded.set(name, genre)
      counts.set(genre, (counts.get(genre) ?? 0) + 1)
    }
  const kept = [...counts].sort(([, a], [, b]) => b - a).slice(0, mostGenres)
  const rows = new Map(kept.map(([genre]) => [genre, createBitSet(movies.length)]))
  for (const [row, { genres }] of movies.entries())
    for (const name of genres) {
      const ofGenre = rows.get(folded.get(name)!)
      if (ofGenre) addTo(ofGenre, row)
    }
  return rows
}

function namesOfGenres(movies: readonly Movie[]): Map<string, string> {
  const written = new Set(movies.flatMap(({ genres }) => genres))
  // Of those that fold to one, the first stands.
  return new Map([...written].reverse().map((name) => [foldText(name), name]))
}

/** Tabulates the movies of some segments; damaged ones are left out and named. */
export function prepareCatalogue(
  segments: readonly MoviesSegment[],
  version: string,
): { table: CatalogueTable; damaged: readonly Damage[] } {
  const { movies, toldIds, damaged } = moviesOf(segments)
  return { table: catalogueTable(movies, version, toldIds), damaged }
}

const placeLength = 200

/** A movie's place in the order of titles; it outlives a new catalogue. */
export type Place = { readonly title: string; readonly movieId: string }

/** The place of the movie in a row, by the beginning of its title: a cursor has to hold it. */
export function placeOf(
  { foldedTitles, ids }: Pick<CatalogueTable, 'foldedTitles' | 'ids'>,
  row: number,
): Place {
  return placeAt(textAt(foldedTitles, row), textAt(ids, row))
}

/** The place of a movie by its title as it is compared in a search. */
export function placeAt(foldedTitle: string, movieId: string): Place {
  return { title: foldedTitle.slice(0, placeLength), movieId }
}

/** Negative where the first comes before the second, by UTF-16 units of title, then id. */
export function comparePlaces(a: Place, b: Place): number {
  if (a.title !== b.title) return a.title < b.title ? -1 : 1
  if (a.movieId === b.movieId) return 0
  return a.movieId < b.movieId ? -1 : 1
}
