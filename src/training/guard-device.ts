import { setTimeout as sleep } from 'node:timers/promises'
import { MarqueeError } from '../errors.ts'
import type { Trainer } from './trainer.ts'

/** So long a failure waits for the news that the device is lost, which may come after it. */
const graceMs = 200

/**
 * A trainer that ends with a `device-lost` error when its device is lost (`lost` resolves with the
 * reason), whatever else its calls then come to: some never settle, some give zeros.
 */
export function guardDevice(trainer: Trainer, lost: Promise<string>, device: string): Trainer {
  const failure = lost.then((reason): never => {
    throw new MarqueeError(
      'device-lost',
      `The device was lost in mid-training (${device}): ${reason}.`,
    )
  })
  failure.catch(() => {})
  const guarded = async <Result>(work: Promise<Result>): Promise<Result> => {
    work.catch(() => {})
    try {
      return await Promise.race([failure, work])
    } catch (error) {
      if (!(error instanceof MarqueeError)) await Promise.race([failure, sleep(graceMs)])
      throw error
    }
  }
  const { state } = trainer
  return {
    stepsPerEpoch: trainer.stepsPerEpoch,
    trainEpoch: (plan) => guarded(trainer.trainEpoch(plan)),
    snapshot: () => guarded(trainer.snapshot()),
    ...(state && {
      state: {
        ...state,
        save: () => guarded(Promise.resolve(state.save())),
      },
    }),
    dispose: () => trainer.dispose(),
  }
}
