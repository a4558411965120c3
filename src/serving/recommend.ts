import type { Model } from '../model/model.ts'
import { type Basis, basisOf } from '../model/scorer.ts'
import { topN } from '../numeric/top-n.ts'
import { createFilter, type MovieFilter } from './movie-filter.ts'
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
  const scores = new Float32Array(model.movies.size)
  scorer.scoreAll(user, scores)

  const isWanted = createFilter(snapshot, filter)
  const seen = excludeRated ? moviesRatedBy(model, user) : new Set<number>()
  const best = topN(scores, n, (movie) => isWanted(movie) && !seen.has(movie))
  return {
    userId,
    basis: basisOf(user, 0),
    items: best.map((movie) => ({
      ...summaryOf(snapshot, movie),
      rating: Math.fround(scorer.predict(user, movie)),
    })),
  }
}

function moviesRatedBy({ rated }: Model, user: number): ReadonlySet<number> {
  if (user < 0) return new Set()
  return new Set(rated.movieIndex.subarray(rated.offsets[user], rated.offsets[user + 1]))
}
