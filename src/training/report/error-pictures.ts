import type { RatingScale } from '../../model/data/ratings.ts'
import type { ModelReport } from '../../model/report.ts'
import type { TrainingCounts } from '../intervals/fit-intervals.ts'
import type { EvaluationRows } from '../splitting/training-data.ts'
import { createErrorBuckets } from './error-buckets.ts'
import { createHexCounter } from './hex-bins.ts'

/** The parts of a report that show errors on held-out rows. */
export type ErrorPictures = Pick<
  ModelReport,
  'predictedVsActual' | 'errorByUserRatings' | 'errorByMovieRatings'
>

/** Pictures of predictions [rows] of held-out rows. */
export function errorPictures(
  predicted: Float64Array,
  { userIndex, movieIndex, rating }: EvaluationRows,
  { userRatings, movieRatings }: TrainingCounts,
  ratingScale: RatingScale,
): ErrorPictures {
  const hexagons = createHexCounter(widened(ratingScale, rating))
  const byUser = createErrorBuckets()
  const byMovie = createErrorBuckets()
  for (let row = 0; row < rating.length; row++) {
    const error = predicted[row]! - rating[row]!
    hexagons.add(rating[row]!, predicted[row]!)
    byUser.add(userRatings[userIndex[row]!] ?? 0, error)
    byMovie.add(movieRatings[movieIndex[row]!] ?? 0, error)
  }
  return {
    predictedVsActual: hexagons.bins(),
    errorByUserRatings: byUser.buckets(),
    errorByMovieRatings: byMovie.buckets(),
  }
}

/** The scale of the training ratings, widened to the held-out ones, so that bins stay few. */
function widened([lowest, highest]: RatingScale, rating: Float32Array): RatingScale {
  return [
    rating.reduce((least, value) => Math.min(least, value), lowest),
    rating.reduce((most, value) => Math.max(most, value), highest),
  ]
}
