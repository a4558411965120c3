import type { Intervals } from '../../model/intervals.ts'
import type { Model } from '../../model/model.ts'
import { createScorer } from '../../model/scorer.ts'
import { predictRows } from '../evaluation/error-metrics.ts'
import type { Pulse } from '../pulse.ts'
import type { EvaluationRows } from '../splitting/training-data.ts'
import { calibrate } from './calibrate.ts'
import { residualsOf, type TrainingCounts } from './residuals.ts'

/** Intervals of a model, calibrated on held-out rows, of which there must be one. */
export async function fitIntervals(
  model: Model,
  counts: TrainingCounts,
  heldOut: EvaluationRows,
  seed: number,
  pulse: Pulse,
): Promise<Intervals> {
  const predicted = await predictRows(createScorer(model).predict, heldOut, pulse)
  const residuals = residualsOf(predicted, heldOut, counts, seed)
  const all = Uint32Array.from(residuals.rating, (_, row) => row)
  return { ...calibrate(residuals, all, model.ratingScale), ...counts }
}
