import type { Model } from '../../model/model.ts'
import { sortedIndices } from '../../numeric/search/sorted-indices.ts'

/** The ratings behind a model, summed up for each of its movies. */
export type MovieStatistics = {
  /** [movies] how many rated it */
  readonly ratings: Uint32Array
  /** [movies] how many liked it */
  readonly likes: Uint32Array
  /** [movies] the sum of its ratings, in rating units */
  readonly ratingSum: Float64Array
  /** Of all ratings, in rating units; NaN where there is none */
  readonly mean: number
  /** [movies] movie indices, the most rated first, equal ones by index */
  readonly mostRated: Uint32Array
}

/** Counts ratings and sums them up, once for a model: O(ratings + movies · log movies). */
export function movieStatistics({ movies, rated, likedFrom }: Model): MovieStatistics {
  const ratings = new Uint32Array(movies.size)
  const ratingSum = new Float64Array(movies.size)
  const likes = new Uint32Array(movies.size)
  let sum = 0
  for (let row = 0; row < rated.rating.length; row++) {
    sum += rated.rating[row]!
    const movie = rated.movieIndex[row]!
    ratings[movie]! += 1
    if (rated.rating[row]! >= likedFrom) likes[movie]! += 1
    ratingSum[movie]! += rated.rating[row]!
  }
  const mostRated = sortedIndices(movies.size, (a, b) => ratings[b]! - ratings[a]!)
  return { ratings, likes, ratingSum, mean: sum / rated.rating.length, mostRated }
}
