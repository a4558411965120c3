import type { Model } from '../model/model.ts'
import type { ListOrder } from '../model/relevance.ts'
import { type Basis, basisOf } from '../model/scorer.ts'
import { type BitSet, removeFrom } from '../numeric/bit-set.ts'
import { bestMovies } from './best-movies.ts'
import { type MovieFilter, passingMovies } from './movie-filter.ts'
import { type MovieSummary, type Snapshot, summaryOf } from './snapshot.ts'

export type RecommendOptions = MovieFilter & {
  n: number
  excludeRated: boolean
  orderBy: ListOrder
}
export type Recommendations = {
  userId: string
  /** What the ratings rest on: `movie-bias` for a user that the model does not know. */
  basis: Basis
  /** What the list is ordered by; a model without a ranking has the rating alone. */
  orderBy: ListOrder
  /** `score` is what the list is ordered by. */
  items: (MovieSummary & { rating: number; score: number })[]
}

/** The movies that suit a user best, or with the highest predicted ratings; equal ones by movie index. */
export function recommend(
  snapshot: Snapshot,
  userId: string,
  { n, excludeRated, orderBy, ...filter }: RecommendOptions,
): Recommendations {
  const { model, scorer } = snapshot
  const relevance = orderBy === 'relevance' ? snapshot.relevance : null
  const user = model.users.indexOf(userId)
  const allowed = passingMovies(snapshot, filter)
  if (excludeRated && user >= 0) removeRated(allowed, model, user)
  return {
    userId,
    basis: basisOf(user, 0),
    orderBy: relevance ? 'relevance' : 'rating',
    items: bestMovies(snapshot, relevance, user, n, allowed).map(({ movie, score }) => ({
      ...summaryOf(snapshot, movie),
      rating: Math.fround(scorer.predict(user, movie)),
      score,
    })),
  }
}

function removeRated(allowed: BitSet, { rated }: Model, user: number): void {
  for (let i = rated.offsets[user]!; i < rated.offsets[user + 1]!; i++)
    removeFrom(allowed, rated.movieIndex[i]!)
}
