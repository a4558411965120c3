import type { EpochReport } from '../../model/card.ts'
import { tensorsOf } from '../../model/file/model-file.ts'
import { describeTensors } from '../../model/file/safetensors.ts'
import type { Model } from '../../model/model.ts'
import type { ModelReport } from '../../model/report.ts'
import { createScorer } from '../../model/scorer.ts'
import type { ResolvedSpec } from '../../model/spec/training-spec.ts'
import { countsOf } from '../../numeric/counting.ts'
import { sampleSchedule } from '../learning-rate/sample-schedule.ts'
import { createSchedule } from '../learning-rate/schedule.ts'
import type { Pulse } from '../pulse.ts'
import type { EvaluationRows, TrainingData } from '../splitting/training-data.ts'
import { createErrorBuckets } from './error-buckets.ts'
import { createHexCounter } from './hex-bins.ts'

const rowsBetweenLooks = 1_024

export type ReportTask = {
  readonly spec: ResolvedSpec
  readonly model: Model
  readonly data: TrainingData
  /** The epochs that were run, which early stopping makes fewer than were planned. */
  readonly epochs: readonly EpochReport[]
  readonly stepsPerEpoch: number
  readonly pulse: Pulse
}

/** What the pictures of a training show; without held-out rows, those of errors are empty. */
export async function reportOf(task: ReportTask): Promise<ModelReport> {
  const { spec, model, epochs, stepsPerEpoch } = task
  const schedule = 'schedule' in spec && createSchedule(spec)
  return {
    algorithm: spec.algorithm,
    losses: epochs.map(({ epoch, trainMse, validMse }) => ({ epoch, trainMse, validMse })),
    rates: schedule
      ? sampleSchedule((step) => schedule(step, stepsPerEpoch), epochs.length * stepsPerEpoch)
      : [],
    ...(await errorPictures(task)),
    tensors: describeTensors(tensorsOf(model)),
  }
}

type ErrorPictures = Pick<
  ModelReport,
  'predictedVsActual' | 'errorByUserRatings' | 'errorByMovieRatings'
>

/** One pass over the held-out rows through the scorer that serves. */
async function errorPictures({ model, data, pulse }: ReportTask): Promise<ErrorPictures> {
  const { userIndex, movieIndex, rating } = data.heldOut ?? noRows
  const { predict } = createScorer(model)
  const ofUser = countsOf(data.train.userIndex, data.train.users.size)
  const ofMovie = countsOf(data.train.movieIndex, data.train.movies.size)
  const hexagons = createHexCounter(scaleOf(model.ratingScale, rating))
  const byUser = createErrorBuckets()
  const byMovie = createErrorBuckets()
  for (let row = 0; row < rating.length; row++) {
    const predicted = predict(userIndex[row]!, movieIndex[row]!)
    const error = predicted - rating[row]!
    hexagons.add(rating[row]!, predicted)
    byUser.add(ofUser[userIndex[row]!] ?? 0, error)
    byMovie.add(ofMovie[movieIndex[row]!] ?? 0, error)
    if (row % rowsBetweenLooks === 0 && pulse.isDue()) await pulse.beat(row / rating.length)
  }
  return {
    predictedVsActual: hexagons.bins(),
    errorByUserRatings: byUser.buckets(),
    errorByMovieRatings: byMovie.buckets(),
  }
}

const noRows: EvaluationRows = {
  userIndex: new Int32Array(),
  movieIndex: new Int32Array(),
  rating: new Float32Array(),
}

/** The scale of the training ratings, widened to the held-out ones, so that bins stay few. */
function scaleOf(
  [lowest, highest]: readonly [number, number],
  rating: Float32Array,
): [number, number] {
  return [
    rating.reduce((least, value) => Math.min(least, value), lowest),
    rating.reduce((most, value) => Math.max(most, value), highest),
  ]
}
