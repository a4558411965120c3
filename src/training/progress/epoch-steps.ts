import type { EpochReport, Phase } from '../../model/card.ts'
import { type Pulse, partOf, type StepPulse } from '../pulse.ts'

/** What one epoch takes, see `PlannedStep`; without a kind, those of `bayes`. */
export type EpochWork = { readonly kind?: string; readonly units: number }

/** The steps that epochs are of: one, or that of the burn-in and that of the sampling. */
export type EpochSteps = {
  /** The pulse of an epoch; `planned` are all of its phase, those of earlier attempts too. */
  of(phase: Phase | undefined, planned: number): Pulse
  /** To be told once an epoch has ended. */
  end(phase: Phase | undefined): void
}

/** Steps for epochs of which some were done by an earlier attempt. */
export function createEpochSteps(
  pulse: StepPulse,
  { kind, units }: EpochWork,
  earlier: readonly Pick<EpochReport, 'phase'>[],
): EpochSteps {
  const nameOf = (phase: Phase | undefined) => phase ?? 'epochs'
  const counted = (phase: Phase | undefined) => earlier.filter((one) => one.phase === phase).length
  const done = new Map<string, { readonly from: number; epochs: number }>()
  const countOf = (phase: Phase | undefined) => {
    const from = counted(phase)
    const count = done.get(nameOf(phase)) ?? { from, epochs: from }
    done.set(nameOf(phase), count)
    return count
  }
  return {
    of(phase, planned) {
      const { from, epochs } = countOf(phase)
      const total = Math.max(planned, epochs + 1)
      const own = pulse.step(nameOf(phase), {
        ...(kind && { kind }),
        units: (total - from) * units,
        count: { unit: phase ? 'sweeps' : 'epochs', total, from },
      })
      return partOf(own, (epochs - from) / (total - from), (epochs + 1 - from) / (total - from))
    },
    end(phase) {
      countOf(phase).epochs += 1
    },
  }
}
