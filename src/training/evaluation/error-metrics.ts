import type { ErrorMetrics } from '../../model/card.ts'
import type { Pulse } from '../pulse.ts'
import type { EvaluationRows } from '../splitting/training-data.ts'

const rowsBetweenLooks = 1_024

/** The errors of predictions in stars, over every row. There must be a row. */
export async function measureErrors(
  predict: (userIndex: number, movieIndex: number) => number,
  { userIndex, movieIndex, rating }: EvaluationRows,
  pulse: Pulse,
): Promise<ErrorMetrics> {
  let squared = 0
  let absolute = 0
  for (let row = 0; row < rating.length; row++) {
    const error = predict(userIndex[row]!, movieIndex[row]!) - rating[row]!
    squared += error * error
    absolute += Math.abs(error)
    if (row % rowsBetweenLooks === 0 && pulse.isDue()) await pulse.beat(row / rating.length)
  }
  const rows = rating.length
  const mse = squared / rows
  return { rmse: Math.sqrt(mse), mse, mae: absolute / rows, rows }
}
