import type { RatingScale } from '../../model/data/rating-scale.ts'
import type { ModelReport } from '../../model/report.ts'
import type { TrainingCounts } from '../intervals/fit-intervals.ts'
import type { EvaluationRows } from '../splitting/training-data.ts'
import { errorBuckets } from './error-buckets.ts'
import { hexBins } from './hex-bins.ts'

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
  const errors = predicted.map((value, row) => value - rating[row]!)
  const ofUser = userIndex.map((user) => userRatings[user] ?? 0)
  const ofMovie = movieIndex.map((movie) => movieRatings[movie] ?? 0)
  return {
    predictedVsActual: hexBins(rating, predicted, widened(ratingScale, rating)),
    errorByUserRatings: errorBuckets(ofUser, errors),
    errorByMovieRatings: errorBuckets(ofMovie, errors),
  }
}

/** The scale of the training ratings, widened to the held-out ones, so that bins stay few. */
function widened([lowest, highest]: RatingScale, rating: Float32Array): RatingScale {
  return [
    rating.reduce((least, value) => Math.min(least, value), lowest),
    rating.reduce((most, value) => Math.max(most, value), highest),
  ]
}
