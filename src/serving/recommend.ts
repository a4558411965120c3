import type { Model } from '../model/model.ts'
import type { ListOrder } from '../model/relevance.ts'
import { type Basis, basisOf } from '../model/scorer.ts'
import { topN } from '../numeric/top-n.ts'
import { createFilter, type MovieFilter } from './movie-filter.ts'
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
  const scores = new Float32Array(model.movies.size)
  const { scoreAll } = relevance ?? scorer
  scoreAll(user, scores)

  const isWanted = createFilter(snapshot, filter)
  const seen = excludeRated ? moviesRatedBy(model, user) : new Set<number>()
  const best = topN(scores, n, (movie) => isWanted(movie) && !seen.has(movie))
  return {
    userId,
    basis: basisOf(user, 0),
    orderBy: relevance ? 'relevance' : 'rating',
    items: best.map((movie) => ({
      ...summaryOf(snapshot, movie),
      rating: Math.fround(scorer.predict(user, movie)),
      score: scores[movie]!,
    })),
  }
}

function moviesRatedBy({ rated }: Model, user: number): ReadonlySet<number> {
  if (user < 0) return new Set()
  return new Set(rated.movieIndex.subarray(rated.offsets[user], rated.offsets[user + 1]))
}
