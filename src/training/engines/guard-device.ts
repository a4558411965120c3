import { setTimeout as sleep } from 'node:timers/promises'
import { MarqueeError } from '../../errors.ts'
import type { Pulse } from '../pulse.ts'
import type { Trainer } from '../trainer.ts'

/** Patience for a call's end after the news that its device is lost, or for the news after it. */
const graceMs = 200

/**
 * A trainer that ends with a `device-lost` error when its device is lost or fails (`failure`
 * resolves with the reason), whatever else its calls then come to: some never settle, some give
 * zeros.
 */
export function guardDevice(trainer: Trainer, failure: Promise<string>, device: string): Trainer {
  let hasFailed = false
  const failed = failure.then((reason): never => {
    hasFailed = true
    throw new MarqueeError(
      'device-lost',
      `The device failed in mid-training (${device}): ${reason}.`,
    )
  })
  failed.catch(() => {})
  const guarded = async <Result>(work: Promise<Result>): Promise<Result> => {
    try {
      return await Promise.race([failed, work])
    } catch (error) {
      // Whoever disposes the trainer next must not do so under an epoch that still runs.
      if (hasFailed) await Promise.race([work.catch(() => {}), sleep(graceMs)])
      else if (!(error instanceof MarqueeError)) await Promise.race([failed, sleep(graceMs)])
      throw error
    }
  }
  const { state } = trainer
  return {
    stepsPerEpoch: trainer.stepsPerEpoch,
    trainEpoch: (plan) =>
      guarded(trainer.trainEpoch({ ...plan, pulse: untilFailure(plan.pulse, () => hasFailed) })),
    weights: () => guarded(trainer.weights()),
    ...(state && {
      state: { ...state, save: () => guarded(Promise.resolve(state.save())) },
    }),
    dispose: () => trainer.dispose(),
  }
}

/** A pulse that is due at once when the device has failed, and then ends the training. */
function untilFailure(pulse: Pulse, hasFailed: () => boolean): Pulse {
  return {
    isDue: () => hasFailed() || pulse.isDue(),
    async beat(share) {
      await pulse.beat(share)
      if (hasFailed()) throw new MarqueeError('device-lost', 'The device failed.')
    },
  }
}
