import type { Model } from '../model/model.ts'
import { type Basis, basisOf } from '../model/scorer.ts'
import { type BitSet, removeFrom } from '../numeric/bit-set.ts'
import { bestMovies } from './best-movies.ts'
import { type MovieFilter, passingMovies } from './movie-filter.ts'
import { type MovieSummary, type Snapshot, summaryOf } from './snapshot.ts'

export type RecommendOptions = MovieFilter & { n: number; excludeRated: boolean }
export type Recommendations = {
  userId: string
  /** What the ratings rest on: `movie-bias` for a user that the model does not know. */
  basis: Basis
  items: (MovieSummary & { rating: number })[]
}

/** The movies with the highest predicted ratings for a user, best first, equal ones by movie index. */
export function recommend(
  snapshot: Snapshot,
  userId: string,
  { n, excludeRated, ...filter }: RecommendOptions,
): Recommendations {
  const { model, scorer } = snapshot
  const user = model.users.indexOf(userId)
  const allowed = passingMovies(snapshot, filter)
  if (excludeRated && user >= 0) removeRated(allowed, model, user)
  return {
    userId,
    basis: basisOf(user, 0),
    items: bestMovies(snapshot, user, n, allowed).map((movie) => ({
      ...summaryOf(snapshot, movie),
      rating: Math.fround(scorer.predict(user, movie)),
    })),
  }
}

function removeRated(allowed: BitSet, { rated }: Model, user: number): void {
  for (let i = rated.offsets[user]!; i < rated.offsets[user + 1]!; i++)
    removeFrom(allowed, rated.movieIndex[i]!)
}
