import { type IdTable, Vocabulary } from '../../model/data/vocabulary.ts'
import { addTo, type BitSet, createBitSet, forEachIn } from '../../numeric/search/bit-set.ts'
import type { CatalogueTable } from './catalogue-table.ts'

/** A catalogue by the movie indices of a model; arrays alone. */
export type CatalogueJoin = {
  /** [movies] the row in the catalogue; −1 where it does not know the movie */
  readonly rowOfMovie: Int32Array
  /** [movies] NaN where not known, which no comparison accepts */
  readonly years: Float32Array
  /** [movies] how many genres it has */
  readonly genreCounts: Uint8Array
  /** Movie indices of each genre, by its folded name. */
  readonly moviesOfGenre: ReadonlyMap<string, BitSet>
  /** Movie indices of those that no list shows; null for none. */
  readonly hidden: BitSet | null
}

/** Joins a model's movies with a catalogue, once for each pair of them. */
export function joinCatalogue(
  movies: IdTable,
  {
    ids,
    years,
    rowsOfGenre,
    hidden,
  }: Pick<CatalogueTable, 'ids' | 'years' | 'rowsOfGenre' | 'hidden'>,
): CatalogueJoin {
  const size = movies.offsets.length - 1
  const known = new Vocabulary(ids)
  const rowOfMovie = Int32Array.from(new Vocabulary(movies).ids, (id) => known.indexOf(id))
  const movieOfRow = new Int32Array(known.size).fill(-1)
  for (const [movie, row] of rowOfMovie.entries()) if (row >= 0) movieOfRow[row] = movie
  const genreCounts = new Uint8Array(size)
  const moviesOfGenre = new Map<string, BitSet>()
  for (const [genre, rows] of rowsOfGenre) {
    const ofGenre = createBitSet(size)
    forEachIn(rows, (row) => {
      const movie = movieOfRow[row]!
      if (movie < 0) return
      addTo(ofGenre, movie)
      genreCounts[movie]! += 1
    })
    moviesOfGenre.set(genre, ofGenre)
  }
  return {
    rowOfMovie,
    years: Float32Array.from(rowOfMovie, (row) => (row < 0 ? 0 : years[row]!) || Number.NaN),
    genreCounts,
    moviesOfGenre,
    hidden: hidden && byMovie(hidden, movieOfRow, size),
  }
}

function byMovie(rows: BitSet, movieOfRow: Int32Array, size: number): BitSet {
  const movies = createBitSet(size)
  forEachIn(rows, (row) => {
    if (movieOfRow[row]! >= 0) addTo(movies, movieOfRow[row]!)
  })
  return movies
}
