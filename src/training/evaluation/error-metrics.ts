import type { ErrorMetrics } from '../../model/card.ts'
import type { Model } from '../../model/model.ts'
import { createScorer } from '../../model/scorer.ts'
import type { Pulse } from '../pulse.ts'
import type { EvaluationRows } from '../splitting/training-data.ts'

const rowsBetweenLooks = 1_024

/** Predictions of every row [rows], in rating units. */
export async function predictRows(
  predict: (userIndex: number, movieIndex: number) => number,
  { userIndex, movieIndex, rating }: EvaluationRows,
  pulse: Pulse,
): Promise<Float64Array> {
  const predicted = new Float64Array(rating.length)
  for (let row = 0; row < predicted.length; row++) {
    predicted[row] = predict(userIndex[row]!, movieIndex[row]!)
    if (row % rowsBetweenLooks === 0 && pulse.isDue()) await pulse.beat(row / predicted.length)
  }
  return predicted
}

/** Errors of predictions [rows] of ratings [rows], both in rating units. There must be a row. */
export function errorMetrics(
  predicted: ArrayLike<number>,
  rating: ArrayLike<number>,
): ErrorMetrics {
  const sums = noErrors()
  for (let row = 0; row < rating.length; row++) addError(sums, predicted[row]! - rating[row]!)
  return metricsOf(sums)
}

/** Relative: models are in single precision, their predictions are sums of a few numbers. */
const rounding = 1e-6

/** Whether an error is above another one, by more than equal predictions differ in their last bits. */
export function exceeds(error: number, other: number): boolean {
  return error > (1 + rounding) * other
}

type ErrorSums = { rows: number; squared: number; absolute: number }

const noErrors = (): ErrorSums => ({ rows: 0, squared: 0, absolute: 0 })

function addError(sums: ErrorSums, error: number): void {
  sums.rows += 1
  sums.squared += error * error
  sums.absolute += Math.abs(error)
}

function metricsOf({ rows, squared, absolute }: ErrorSums): ErrorMetrics {
  const mse = squared / rows
  return { rmse: Math.sqrt(mse), mse, mae: absolute / rows, rows }
}

/** Errors of a model, as it serves, on rows in its indices. There must be a row. */
export async function modelErrors(
  model: Model,
  rows: EvaluationRows,
  pulse: Pulse,
): Promise<ErrorMetrics> {
  return errorMetrics(await predictRows(createScorer(model).predict, rows, pulse), rows.rating)
}

/** The errors of a predictor by what training has seen of a pair; null where there are no rows. */
export type ErrorsByWarmth = {
  /** User and movie are known from training. */
  readonly warm: ErrorMetrics | null
  /** The user is not, whether or not the movie is. */
  readonly coldUser: ErrorMetrics | null
  /** The user is, the movie is not. */
  readonly coldMovie: ErrorMetrics | null
}

/** The errors of predictions [rows] over the rows in three parts that together are all of them. */
export function errorsByWarmth(
  predicted: Float64Array,
  { userIndex, movieIndex, rating }: EvaluationRows,
): ErrorsByWarmth {
  const sums = { warm: noErrors(), coldUser: noErrors(), coldMovie: noErrors() }
  for (let row = 0; row < rating.length; row++) {
    const known = movieIndex[row]! < 0 ? 'coldMovie' : 'warm'
    addError(sums[userIndex[row]! < 0 ? 'coldUser' : known], predicted[row]! - rating[row]!)
  }
  const of = (part: ErrorSums) => (part.rows === 0 ? null : metricsOf(part))
  return { warm: of(sums.warm), coldUser: of(sums.coldUser), coldMovie: of(sums.coldMovie) }
}
