import {
  addTo,
  type BitSet,
  createBitSet,
  intersect,
  removeFrom,
} from '../../numeric/search/bit-set.ts'
import type { Profile } from '../profile.ts'
import type { Snapshot } from '../snapshot.ts'
import { type MovieFilter, passingMovies } from './movie-filter.ts'

export type AllowedMovies = MovieFilter & {
  /** Whether what the user has rated is left out. */
  excludeRated: boolean
  /** Left out; an id that is not known leaves nothing out. */
  excludeMovieIds?: readonly string[] | undefined
  /** Nothing but these, where given; an id that the model does not know is none of its movies. */
  candidateMovieIds?: readonly string[] | undefined
}

/** The movies, by index, that a list for somebody may show; a set of the caller's own. */
export function allowedMovies(
  snapshot: Snapshot,
  { own }: Pick<Profile, 'own'>,
  wanted: AllowedMovies,
): BitSet {
  const { excludeRated, excludeMovieIds, candidateMovieIds } = wanted
  const allowed = passingMovies(snapshot, wanted)
  if (candidateMovieIds) {
    const candidates = createBitSet(snapshot.model.movies.size)
    for (const movie of indicesOf(snapshot, candidateMovieIds)) addTo(candidates, movie)
    intersect(allowed, candidates)
  }
  if (excludeRated)
    for (let i = 0; i < own.rating.length; i++) removeFrom(allowed, own.movieIndex[i]!)
  if (excludeMovieIds)
    for (const movie of indicesOf(snapshot, excludeMovieIds)) removeFrom(allowed, movie)
  return allowed
}

/** The candidates and the rated movies that the model does not know, each once, in their order. */
export function unknownMovies(
  { model, newMovies }: Snapshot,
  { unknownMovieIds }: Pick<Profile, 'unknownMovieIds'>,
  { candidateMovieIds = [] }: Pick<AllowedMovies, 'candidateMovieIds'>,
): string[] {
  const listed = new Set(newMovies.all().map(({ movieId }) => movieId))
  const isUnknown = (id: string) => model.movies.indexOf(id) < 0 && !listed.has(id)
  const unknown = candidateMovieIds.filter(isUnknown)
  return [...new Set([...unknown, ...unknownMovieIds])]
}

/** Of those that the model knows. */
function indicesOf({ model }: Snapshot, movieIds: readonly string[]): number[] {
  return movieIds.map((id) => model.movies.indexOf(id)).filter((movie) => movie >= 0)
}
