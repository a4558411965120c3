import { MarqueeError } from '../../src/errors.ts'
import type { Ratings } from '../../src/model/data/ratings.ts'
import type { ResolvedSteppedSpec } from '../../src/model/spec/training-spec.ts'
import { createPulse, type Pulse } from '../../src/training/pulse.ts'
import type { Engine, Trainer } from '../../src/training/trainer.ts'

export type TimedEpoch = {
  readonly seconds: number
  /** Of the epoch, that was run; under 1 the seconds are made up from it. */
  readonly share: number
  /** Mean squared error of the epoch while the weights moved; null when it was cut off. */
  readonly mse: number | null
}

/** Times the second epoch of a fresh trainer; each of the two is cut off after a time limit. */
export async function timeEpoch(
  engine: Engine,
  spec: ResolvedSteppedSpec,
  rows: Ratings,
  limitSeconds: number,
): Promise<TimedEpoch> {
  const trainer = engine.createTrainer({ spec, rows, ratingRange: [0, 5.5] })
  try {
    await runEpoch(trainer, 0, spec, limitSeconds)
    // What was queued must be done before the time counts.
    await trainer.weights()
    return await runEpoch(trainer, 1, spec, limitSeconds)
  } finally {
    trainer.dispose()
  }
}

async function runEpoch(
  trainer: Trainer,
  epoch: number,
  spec: ResolvedSteppedSpec,
  limitSeconds: number,
): Promise<TimedEpoch> {
  const begin = performance.now()
  const seconds = () => (performance.now() - begin) / 1_000
  const { pulse, share } = limited(() => seconds() > limitSeconds)
  try {
    const { mse } = await trainer.trainEpoch({ epoch, ratesAt: () => spec, pulse })
    return { seconds: seconds(), share: 1, mse }
  } catch (error) {
    if (!(error instanceof MarqueeError && error.code === 'cancelled')) throw error
    return { seconds: seconds() / share(), share: share(), mse: null }
  }
}

/** A pulse that ends the epoch when the time is up, once anything of it was done. */
function limited(isUp: () => boolean): { pulse: Pulse; share: () => number } {
  const pulse = createPulse()
  let done = 0
  return {
    share: () => done,
    pulse: {
      isDue: pulse.isDue,
      async beat(share) {
        await pulse.beat(share)
        done = share
        if (share > 0 && isUp()) throw new MarqueeError('cancelled', 'The time is up.')
      },
    },
  }
}
