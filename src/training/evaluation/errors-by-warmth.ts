import type { ErrorMetrics } from '../../model/card.ts'
import type { EvaluationRows } from '../splitting/training-data.ts'
import { errorMetrics } from './error-metrics.ts'

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
