import type { SteppedSpec } from '../../model/spec/training-spec.ts'

/** What the schedule's rates are multiplied by: 1, unless the schedule is "self-adjusting". */
export type Pace = {
  readonly factor: number
  /** To be told the training error of each epoch. */
  learn(trainMse: number): void
}

/**
 * The self-adjusting rate of MyMediaLite's matrix factorisation ("bold driver", Battiti 1989): after
 * an epoch with a lower training error the rate grows by 5 %, after any other it is halved.
 */
export function createPace({ schedule }: Pick<SteppedSpec, 'schedule'>): Pace {
  let factor = 1
  let last = Number.POSITIVE_INFINITY
  return {
    get factor() {
      return factor
    },
    learn(trainMse) {
      if (schedule !== 'self-adjusting') return
      if (last !== Number.POSITIVE_INFINITY) factor *= trainMse < last ? 1.05 : 0.5
      last = trainMse
    },
  }
}
