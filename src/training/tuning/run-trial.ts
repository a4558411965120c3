import { MarqueeError } from '../../errors.ts'
import { pickRows, type Ratings } from '../../model/data/ratings.ts'
import type { SteppedSpec } from '../../model/spec/training-spec.ts'
import type { TuningSpec } from '../../model/spec/tuning-spec.ts'
import { modelErrors } from '../evaluation/error-metrics.ts'
import { fitModel } from '../fit/fit-model.ts'
import { createPulse, partOf } from '../pulse.ts'
import { splitRatings } from '../splitting/split-ratings.ts'
import { knownTo, prepareTrainingData } from '../splitting/training-data.ts'
import type { TrainingTask } from '../train.ts'

/** The ratings that a tuning may see: all but those that its split holds out. */
export function tuningRatings(ratings: Ratings, tuning: TuningSpec): Ratings {
  return pickRows(ratings, splitRatings(ratings, tuning).kept)
}

/**
 * The training of a trial: of those ratings it holds the inner validation rows out, likewise. It is
 * compared by its error, so it trains no ranking.
 */
export function innerTraining(spec: SteppedSpec, { innerValid }: TuningSpec): SteppedSpec {
  return { ...spec, ranking: null, split: { ...spec.split, valid: innerValid } }
}

/** The mean squared error of a trial on its held-out rows, and the epochs that were run. */
export type TrialOutcome = { readonly validMse: number; readonly epochs: number }

/**
 * The error of a trial on the rows that its spec holds out. They are measured once, at the end, and
 * nothing else is: no epoch is validated, no interval fitted. Errors as of `trainModel`.
 */
export async function runTrial(task: TrainingTask): Promise<TrialOutcome> {
  const { ratings, spec, hooks = {} } = task
  const pulse = createPulse(hooks.signal)
  const data = prepareTrainingData(ratings, undefined, spec)
  if (!data.heldOut)
    throw new MarqueeError('no-ratings', 'There are too few ratings to compare settings on.')
  const fit = await fitModel({ ...task, data: { ...data, heldOut: null } }, pulse)
  const rows = knownTo(fit.model, data.heldOut)
  const { mse } = await modelErrors(fit.model, rows, partOf(pulse, 1, 1))
  return { validMse: mse, epochs: fit.run.epochs.length }
}
