import { picked } from '../../model/data/ratings.ts'
import { type Intervals, ratingCountsOf } from '../../model/intervals.ts'
import type { Model } from '../../model/model.ts'
import { createScorer } from '../../model/scorer.ts'
import { indicesWhere } from '../../numeric/counting.ts'
import { predictRows } from '../evaluation/error-metrics.ts'
import type { Pulse } from '../pulse.ts'
import { randomSplit } from '../splitting/random-split.ts'
import type { EvaluationRows } from '../splitting/training-data.ts'
import { calibrate } from './calibrate.ts'
import type { Residuals } from './difficulty.ts'

/** Training ratings of each user [users] and each movie [movies] of a model. */
export type TrainingCounts = Pick<Intervals, 'userRatings' | 'movieRatings'>

/** Intervals of a model, calibrated on held-out rows, of which there must be one. */
export async function fitIntervals(
  model: Model,
  counts: TrainingCounts,
  heldOut: EvaluationRows,
  seed: number,
  pulse: Pulse,
): Promise<Intervals> {
  const drawn = drawRows(heldOut.rating.length, seed)
  const some = {
    userIndex: picked(heldOut.userIndex, drawn),
    movieIndex: picked(heldOut.movieIndex, drawn),
    rating: picked(heldOut.rating, drawn),
  }
  const predicted = await predictRows(createScorer(model).predict, some, pulse)
  const residuals = residualsOf(predicted, some, counts, seed)
  const all = Uint32Array.from(residuals.rating, (_, row) => row)
  return { ...calibrate(residuals, all, model.ratingScale), ...counts }
}

/** The coverage that so many give is sure to a tenth of a percent; more would only cost time. */
const mostRows = 200_000

/** All rows; of more than 200,000 so many, drawn by the seed. */
function drawRows(length: number, seed: number): Uint32Array {
  return length <= mostRows
    ? indicesWhere(length, () => true)
    : randomSplit(length, mostRows / length, seed, 'interval-rows').heldOut
}

/** Residuals of predictions [rows]; of more than 200,000 rows so many, drawn by the seed. */
export function residualsOf(
  predicted: Float64Array,
  { userIndex, movieIndex, rating }: EvaluationRows,
  counts: TrainingCounts,
  seed: number,
): Residuals {
  const rows = drawRows(rating.length, seed)
  const countsAt = (row: number) => ratingCountsOf(counts, userIndex[row]!, movieIndex[row]!)
  return {
    userRatings: rows.map((row) => countsAt(row).user),
    movieRatings: rows.map((row) => countsAt(row).movie),
    predicted: Float32Array.from(rows, (row) => predicted[row]!),
    rating: picked(rating, rows),
  }
}
