import { type Pulse, partOf, type StepPulse } from '../pulse.ts'
import type { EpochStep } from '../trainer.ts'

/** What one epoch takes, see `PlannedStep`; those of `bayes` have the kinds of their steps. */
export type EpochWork = {
  readonly kind?: string
  readonly units: number
  /** Of an epoch that turns the average's bases. */
  readonly turning?: number
}

/** The steps that epochs are of. */
export type EpochSteps = {
  /** The pulse of the next epoch; of its step so many, this one among them, are to come. */
  of(step: EpochStep | undefined, left: number): Pulse
  /** To be told once an epoch has ended. */
  end(step: EpochStep | undefined): void
}

/** Steps for epochs of which an earlier attempt has done some. */
export function createEpochSteps(
  pulse: StepPulse,
  { kind, units, turning = units }: EpochWork,
  earlier: number,
): EpochSteps {
  const done = new Map<EpochStep | undefined, number>()
  return {
    of(step, left) {
      const before = done.get(step) ?? 0
      const total = before + Math.max(1, left)
      const from = step ? 0 : earlier
      const own = pulse.step(step ?? 'epochs', {
        ...(kind && { kind }),
        units: total * (step === 'turning' ? turning : units),
        count: { unit: step ? 'sweeps' : 'epochs', total: from + total, from },
      })
      return partOf(own, before / total, (before + 1) / total)
    },
    end(step) {
      done.set(step, (done.get(step) ?? 0) + 1)
    },
  }
}
