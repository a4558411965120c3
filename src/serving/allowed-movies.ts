import { createFilter, type MovieFilter } from './movie-filter.ts'
import type { Rater } from './rater.ts'
import type { Snapshot } from './snapshot.ts'

export type AllowedMovies = MovieFilter & {
  /** Whether what the user has rated is left out. */
  excludeRated: boolean
  /** Left out; an id that is not known leaves nothing out. */
  excludeMovieIds?: readonly string[] | undefined
  /** Nothing but these, where given; an id that the model does not know is none of its movies. */
  candidateMovieIds?: readonly string[] | undefined
}

/** Tells by movie index which movies a list for somebody may show. */
export function allowedMovies(
  snapshot: Snapshot,
  { own }: Pick<Rater, 'own'>,
  { excludeRated, excludeMovieIds = [], candidateMovieIds, ...filter }: AllowedMovies,
): (movieIndex: number) => boolean {
  const passes = createFilter(snapshot, filter)
  const excluded = indicesOf(snapshot, excludeMovieIds)
  if (excludeRated) for (let i = 0; i < own.rating.length; i++) excluded.add(own.movieIndex[i]!)
  const candidates = candidateMovieIds && indicesOf(snapshot, candidateMovieIds)
  return (movie) =>
    passes(movie) && !excluded.has(movie) && (candidates === undefined || candidates.has(movie))
}

/** The candidates and the rated movies that the model does not know, each once, in their order. */
export function unknownMovies(
  { model }: Snapshot,
  { unknownMovieIds }: Pick<Rater, 'unknownMovieIds'>,
  { candidateMovieIds = [] }: Pick<AllowedMovies, 'candidateMovieIds'>,
): string[] {
  const unknown = candidateMovieIds.filter((id) => model.movies.indexOf(id) < 0)
  return [...new Set([...unknown, ...unknownMovieIds])]
}

function indicesOf({ model }: Snapshot, movieIds: readonly string[]): Set<number> {
  return new Set(movieIds.map((id) => model.movies.indexOf(id)))
}
