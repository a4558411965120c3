import type { ErrorMetrics } from '../../model/card.ts'
import type { Model } from '../../model/model.ts'
import { createScorer } from '../../model/scorer.ts'
import type { Pulse } from '../pulse.ts'
import type { EvaluationRows } from '../splitting/training-data.ts'

const rowsBetweenLooks = 1_024

/** Predictions of every row [rows], in stars. */
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

/** Errors of predictions [rows] of ratings [rows], both in stars. There must be a row. */
export function errorMetrics(
  predicted: ArrayLike<number>,
  rating: ArrayLike<number>,
): ErrorMetrics {
  const rows = rating.length
  let squared = 0
  let absolute = 0
  for (let row = 0; row < rows; row++) {
    const error = predicted[row]! - rating[row]!
    squared += error * error
    absolute += Math.abs(error)
  }
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
  const on = (isWanted: (user: number, movie: number) => boolean) => {
    const isIn = (_: number, row: number) => isWanted(userIndex[row]!, movieIndex[row]!)
    const part = rating.filter(isIn)
    return part.length === 0 ? null : errorMetrics(predicted.filter(isIn), part)
  }
  return {
    warm: on((user, movie) => user >= 0 && movie >= 0),
    coldUser: on((user) => user < 0),
    coldMovie: on((user, movie) => user >= 0 && movie < 0),
  }
}
