import type { Trial } from '../../model/spec/trial.ts'
import { parseCandidate, type TuningSpec } from '../../model/spec/tuning-spec.ts'
import type { BackendPreference } from '../engines/engine.ts'
import { planTraining } from '../progress/plan-training.ts'
import type { Count, PlannedPart } from '../progress/planned.ts'
import { epochWork, type TrainingSizes } from '../progress/work.ts'
import { sharesOf } from './tune.ts'

/** What a tuning is to take, and how much of it is done after some trials. */
export type TrialsPlan = {
  readonly parts: readonly PlannedPart[]
  /** Null where the time alone is limited. */
  readonly count: Count | null
  /** 0 … 1, of what the trials of earlier attempts have left. */
  shareOf(trials: readonly Trial[]): number
}

/**
 * The trials as so many whole trainings, or as seconds where the time alone is limited; and after
 * them the winner's training, which is taken for one with the defaults.
 */
export function planTrials(
  sizes: TrainingSizes,
  tuning: TuningSpec,
  backend: BackendPreference,
  finished: readonly Trial[],
): TrialsPlan {
  const usual = parseCandidate(tuning, {}).data!
  const shares = tuning.trials === undefined ? null : sharesOf(tuning.trials, tuning.strategy)
  const trainings = shares?.reduce((sum, share) => sum + share, 0) ?? Number.POSITIVE_INFINITY
  const seconds = 60 * (tuning.minutes ?? Number.POSITIVE_INFINITY)
  const doneOf = (trials: readonly Trial[]) =>
    Math.min(
      1,
      Math.max(
        trials.reduce((sum, { share }) => sum + share, 0) / trainings,
        trials.reduce((sum, trial) => sum + trial.seconds, 0) / seconds,
      ),
    )
  const before = doneOf(finished)
  const kept = { ...sizes, ratings: (1 - tuning.split.valid) * sizes.ratings }
  const { units } = epochWork(kept, 0, usual, '')
  const trials = shares
    ? { kind: 'trials', units: trainings * units }
    : { kind: 'seconds', units: seconds }
  return {
    parts: [
      { steps: [{ name: 'trials', ...trials, units: (1 - before) * trials.units }] },
      ...(tuning.trainWinner ? planTraining(sizes, usual, backend) : []),
    ],
    count: shares && { unit: 'trials', total: shares.length, from: finished.length },
    shareOf: (done) => (before === 1 ? 1 : (doneOf(done) - before) / (1 - before)),
  }
}
