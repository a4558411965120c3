import * as tf from '@tensorflow/tfjs-core'
import type { TrainingSpec } from '../../model/training-spec.ts'
import type { Rates } from '../schedule.ts'
import { adamRule, coefficientsOf, type Slot, sgdRule, type UpdateRule } from './update-rule.ts'
import { fusedAdamRule, fusedSgdRule } from './wasm-kernels.ts'

export type HostTensor = { readonly shape: number[]; readonly data: Float32Array }

/** Parameters on the backend and the optimiser's memory of them. Whoever creates it disposes it. */
export type Optimizer = {
  readonly parameters: readonly tf.Variable[]
  /** One step; the gradients stand in the parameters' order and stay the caller's. */
  step(gradients: readonly tf.Tensor[], rates: Rates): void
  dispose(): void
}

/** The spec's update rule for the current backend: fused where it is `wasm`, else of plain ops. */
export function updateRuleFor(optimizer: TrainingSpec['optimizer']): UpdateRule {
  const isWasm = tf.getBackend() === 'wasm'
  if (optimizer === 'sgd') return isWasm ? fusedSgdRule : sgdRule
  return isWasm ? fusedAdamRule : adamRule
}

/** An optimiser whose parameters start from `initial`. */
export function createOptimizer(
  spec: Pick<TrainingSpec, 'optimizer' | 'decay' | 'weightDecay'>,
  initial: readonly HostTensor[],
  rule: UpdateRule = updateRuleFor(spec.optimizer),
): Optimizer {
  const slots = tf.tidy(() =>
    initial.map(({ shape, data }): Slot => {
      const p = tf.variable(tf.tensor(data, shape))
      const m = tf.variable(tf.zeros(shape))
      return spec.optimizer === 'adam' ? { p, m, v: tf.variable(tf.zeros(shape)) } : { p, m }
    }),
  )
  let steps = 0
  return {
    parameters: slots.map((slot) => slot.p),
    step(gradients, rates) {
      steps++
      const coefficients = coefficientsOf(spec, rates, steps)
      tf.tidy(() => {
        slots.forEach((slot, i) => {
          rule(slot, gradients[i]!, coefficients)
        })
      })
    },
    dispose() {
      for (const { p, m, v } of slots) tf.dispose(v ? [p, m, v] : [p, m])
    },
  }
}
