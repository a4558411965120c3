import type { Movie } from '../model/data/movie.ts'
import { addTo, type BitSet, createBitSet } from '../numeric/search/bit-set.ts'
import type { Catalogue } from './catalogue.ts'
import { foldText } from './fold-text.ts'
import type { ServedModel } from './load/served-model.ts'

/** One model and one catalogue, joined: a request takes one and answers from nothing else. */
export type Snapshot = ServedModel & {
  readonly version: string
  readonly catalogue: Catalogue
  /** [movies] by the model's movie index; null where the catalogue does not know the movie */
  readonly facts: readonly (Movie | null)[]
  /** [movies] NaN where not known, which no comparison accepts */
  readonly years: Float32Array
  /** Movie indices of each genre, by its folded name. */
  readonly moviesOfGenre: ReadonlyMap<string, BitSet>
}

const moviesInStep = 256

/** Aligns the catalogue with the model's movie indices, once for each pair of them; in steps. */
export function* snapshotSteps(
  served: ServedModel,
  catalogue: Catalogue,
): Generator<void, Snapshot> {
  const { ids, size } = served.model.movies
  const facts: (Movie | null)[] = []
  const years = new Float32Array(size)
  const moviesOfGenre = new Map<string, BitSet>()
  for (const [index, movieId] of ids.entries()) {
    const movie = catalogue.find(movieId)
    facts.push(movie)
    years[index] = movie?.year ?? Number.NaN
    for (const name of movie?.genres ?? []) {
      const genre = foldText(name)
      const movies = moviesOfGenre.get(genre) ?? createBitSet(size)
      addTo(movies, index)
      moviesOfGenre.set(genre, movies)
    }
    if (index % moviesInStep === 0) yield
  }
  return { ...served, version: served.card.version, catalogue, facts, years, moviesOfGenre }
}

export type MovieSummary = {
  movieId: string
  title: string | null
  year: number | null
  genres: readonly string[]
}

/** What a list says of a movie; the title is null when the catalogue does not know it. */
export function summaryOf(snapshot: Snapshot, movieIndex: number): MovieSummary {
  const movie = snapshot.facts[movieIndex]
  return {
    movieId: snapshot.model.movies.idOf(movieIndex),
    title: movie?.title ?? null,
    year: movie?.year ?? null,
    genres: movie?.genres ?? [],
  }
}
