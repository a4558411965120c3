import type { Movie } from '../model/movie.ts'
import type { Catalogue } from './catalogue.ts'
import { foldText } from './fold-text.ts'
import type { ServedModel } from './served-model.ts'

/** One model and one catalogue, joined: a request takes one and answers from nothing else. */
export type Snapshot = ServedModel & {
  readonly version: string
  readonly catalogue: Catalogue
  /** [movies] by the model's movie index; null where the catalogue does not know the movie */
  readonly facts: readonly (Movie | null)[]
  /** [movies] NaN where not known, which no comparison accepts */
  readonly years: Float32Array
  /** Movie indices of each genre, by its folded name. */
  readonly moviesOfGenre: ReadonlyMap<string, readonly number[]>
}

/** Aligns the catalogue with the model's movie indices, once for each pair of them. */
export function createSnapshot(served: ServedModel, catalogue: Catalogue): Snapshot {
  const facts = served.model.movies.ids.map((movieId) => catalogue.find(movieId))
  const moviesOfGenre = new Map<string, number[]>()
  facts.forEach((movie, index) => {
    for (const name of movie?.genres ?? []) {
      const genre = foldText(name)
      const movies = moviesOfGenre.get(genre)
      if (movies) movies.push(index)
      else moviesOfGenre.set(genre, [index])
    }
  })
  return {
    ...served,
    version: served.card.version,
    catalogue,
    facts,
    years: Float32Array.from(facts, (movie) => movie?.year ?? Number.NaN),
    moviesOfGenre,
  }
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
