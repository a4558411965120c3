import { type Intervals, ratingCountsOf } from '../../model/intervals.ts'
import { randomSplit } from '../splitting/random-split.ts'
import type { EvaluationRows } from '../splitting/training-data.ts'

/** Training ratings of each user [users] and each movie [movies] of a model. */
export type TrainingCounts = Pick<Intervals, 'userRatings' | 'movieRatings'>

/** Held-out rows with their predictions and how often their sides were rated in training. */
export type Residuals = {
  readonly userRatings: Uint32Array
  readonly movieRatings: Uint32Array
  readonly predicted: Float32Array
  readonly rating: Float32Array
}

/** The coverage that so many give is sure to a tenth of a percent; more would only cost time. */
const mostRows = 200_000

/** Residuals of predictions [rows]; of more than 200,000 rows so many, drawn by the seed. */
export function residualsOf(
  predicted: Float64Array,
  { userIndex, movieIndex, rating }: EvaluationRows,
  counts: TrainingCounts,
  seed: number,
): Residuals {
  const { length } = rating
  const rows =
    length <= mostRows
      ? Uint32Array.from(rating, (_, row) => row)
      : randomSplit(length, mostRows / length, seed, 'interval-rows').heldOut
  const countsAt = (row: number) => ratingCountsOf(counts, userIndex[row]!, movieIndex[row]!)
  return {
    userRatings: rows.map((row) => countsAt(row).user),
    movieRatings: rows.map((row) => countsAt(row).movie),
    predicted: Float32Array.from(rows, (row) => predicted[row]!),
    rating: Float32Array.from(rows, (row) => rating[row]!),
  }
}
