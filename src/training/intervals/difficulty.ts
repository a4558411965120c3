import { type RatingScale, starOf } from '../../model/data/rating-scale.ts'
import {
  bucketOf,
  type Difficulty,
  ratingBuckets,
  scalePartOf,
  scaleParts,
} from '../../model/intervals.ts'

/** Held-out rows with their predictions and how often their sides were rated in training. */
export type Residuals = {
  readonly userRatings: Uint32Array
  readonly movieRatings: Uint32Array
  readonly predicted: Float32Array
  readonly rating: Float32Array
}

/** Rows' worth of weight with which a bucket leans on its neighbour. */
const lean = 50
/** Of a star: a model without any error would leave nothing to divide by. */
const leastError = 1e-6

/**
 * The expected |error| as a product of three factors, fitted one after the other on the chosen
 * rows. With S_b the sum of |error| in bucket b, E_b that of what the factors before expect, μ the
 * mean:
 *
 *   f_b = (S_b + lean·μ·f_next) / (E_b + lean·μ)
 *
 * so that a bucket with few rows is close to the next one with more ratings; for predictions, which
 * have no such order, f_next is 1.
 */
export function fitDifficulty(
  residuals: Residuals,
  rows: Uint32Array,
  ratingScale: RatingScale,
): Difficulty {
  const { userRatings, movieRatings, predicted, rating } = residuals
  const errors = Float64Array.from(rows, (row) => Math.abs(rating[row]! - predicted[row]!))
  const total = errors.reduce((sum, error) => sum + error, 0)
  const mean = Math.max(leastError * starOf(ratingScale), total / Math.max(1, rows.length))
  const expected = new Float64Array(rows.length).fill(mean)

  const factorOf = (size: number, isOrdered: boolean, bucketAt: (row: number) => number) => {
    const buckets = Uint8Array.from(rows, bucketAt)
    const seen = new Float64Array(size)
    const foreseen = new Float64Array(size)
    for (const [i, bucket] of buckets.entries()) {
      seen[bucket]! += errors[i]!
      foreseen[bucket]! += expected[i]!
    }
    const factor = new Float32Array(size)
    let next = 1
    for (let bucket = size - 1; bucket >= 0; bucket--) {
      factor[bucket] = (seen[bucket]! + lean * mean * next) / (foreseen[bucket]! + lean * mean)
      if (isOrdered) next = factor[bucket]!
    }
    for (const [i, bucket] of buckets.entries()) expected[i]! *= factor[bucket]!
    return factor
  }
  const byUser = factorOf(ratingBuckets, true, (row) => bucketOf(userRatings[row]!))
  const byMovie = factorOf(ratingBuckets, true, (row) => bucketOf(movieRatings[row]!))
  const byPrediction = factorOf(scaleParts, false, (row) =>
    scalePartOf(predicted[row]!, ratingScale),
  )
  return { byUser: byUser.map((factor) => factor * mean), byMovie, byPrediction }
}
