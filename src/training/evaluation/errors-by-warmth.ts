import type { ErrorMetrics } from '../../model/card.ts'
import type { Pulse } from '../pulse.ts'
import type { EvaluationRows } from '../splitting/training-data.ts'
import { measureErrors } from './error-metrics.ts'

/** The errors of a predictor on some rows; null where there are none. */
export type ErrorsByWarmth = {
  /** User and movie are known from training. */
  readonly warm: ErrorMetrics | null
  /** The user is not, whether or not the movie is. */
  readonly coldUser: ErrorMetrics | null
  /** The user is, the movie is not. */
  readonly coldMovie: ErrorMetrics | null
}

/** The errors over the rows in three parts that together are all of them. */
export async function errorsByWarmth(
  predict: (userIndex: number, movieIndex: number) => number,
  rows: EvaluationRows,
  pulse: Pulse,
): Promise<ErrorsByWarmth> {
  const on = async (isWanted: (user: number, movie: number) => boolean) => {
    const isIn = (_: number, row: number) => isWanted(rows.userIndex[row]!, rows.movieIndex[row]!)
    const part = {
      userIndex: rows.userIndex.filter(isIn),
      movieIndex: rows.movieIndex.filter(isIn),
      rating: rows.rating.filter(isIn),
    }
    return part.rating.length === 0 ? null : measureErrors(predict, part, pulse)
  }
  return {
    warm: await on((user, movie) => user >= 0 && movie >= 0),
    coldUser: await on((user) => user < 0),
    coldMovie: await on((user, movie) => user >= 0 && movie < 0),
  }
}
