import type { SettledSteppedSpec } from '../../model/spec/training-spec.ts'
import type { Rates } from '../learning-rate/schedule.ts'

/** The numbers of one step that are the same for every parameter. */
export type Coefficients = {
  /** 1 − lr·wd for decoupled decay, else 1. */
  readonly keep: number
  /** wd for L2, else 0. */
  readonly l2: number
  readonly momentum: number
  /** lr, for Adam over 1 − β1ᵗ. */
  readonly rate: number
  /** Adam's alone, as is all that follows. */
  readonly beta2: number
  /** 1/(1 − β2ᵗ) */
  readonly scale: number
  readonly epsilon: number
}

type Settings = Pick<
  SettledSteppedSpec,
  'optimizer' | 'decay' | 'weightDecay' | 'beta2' | 'epsilon'
>

/** Coefficients of step t (from 1). Adam removes its bias with the current momentum (fast.ai). */
export function coefficientsOf(
  spec: Settings,
  { learningRate, momentum }: Rates,
  t: number,
): Coefficients {
  const isAdam = spec.optimizer === 'adam'
  return {
    keep: spec.decay === 'decoupled' ? 1 - learningRate * spec.weightDecay : 1,
    l2: spec.decay === 'l2' ? spec.weightDecay : 0,
    momentum,
    rate: isAdam ? learningRate / (1 - momentum ** t) : learningRate,
    beta2: spec.beta2,
    scale: 1 / (1 - spec.beta2 ** t),
    epsilon: spec.epsilon,
  }
}
