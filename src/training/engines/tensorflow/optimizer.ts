import * as tf from '@tensorflow/tfjs-core'
import type { SteppedSpec } from '../../../model/spec/training-spec.ts'
import type { Rates } from '../../learning-rate/schedule.ts'
import { coefficientsOf } from '../coefficients.ts'
import { adamRule, type Slot, sgdRule, type UpdateRule } from './update-rule.ts'
import { fusedAdamRule, fusedSgdRule } from './wasm-kernels.ts'

/** A parameter's first value. Of a table rows are gathered; any other may be multiplied with. */
export type InitialParameter = {
  readonly shape: number[]
  readonly data: Float32Array
  readonly isTable: boolean
}

/** Parameters on the backend and the optimiser's memory of them. Whoever creates it disposes it. */
export type Optimizer = {
  readonly parameters: readonly tf.Variable[]
  /** One step; the gradients stand in the parameters' order and stay the caller's. */
  step(gradients: readonly tf.Tensor[], rates: Rates): void
  dispose(): void
}

/**
 * The update rule for a parameter on the current backend: the fused one for the tables of `wasm`,
 * else of plain ops. A fused rule changes a tensor in place, and the matrix product of `wasm` packs
 * its right-hand matrix once for each tensor: it would go on multiplying with the first values.
 */
export function updateRuleFor(optimizer: SteppedSpec['optimizer'], isTable: boolean): UpdateRule {
  const isFused = isTable && tf.getBackend() === 'wasm'
  if (optimizer === 'sgd') return isFused ? fusedSgdRule : sgdRule
  return isFused ? fusedAdamRule : adamRule
}

/** An optimiser whose parameters start from `initial`. */
export function createOptimizer(
  spec: Parameters<typeof coefficientsOf>[0],
  initial: readonly InitialParameter[],
  ruleFor: typeof updateRuleFor = updateRuleFor,
): Optimizer {
  const slots = tf.tidy(() =>
    initial.map(({ shape, data }): Slot => {
      const p = tf.variable(tf.tensor(data, shape))
      const m = tf.variable(tf.zeros(shape))
      return spec.optimizer === 'adam' ? { p, m, v: tf.variable(tf.zeros(shape)) } : { p, m }
    }),
  )
  const rules = initial.map(({ isTable }) => ruleFor(spec.optimizer, isTable))
  let steps = 0
  return {
    parameters: slots.map((slot) => slot.p),
    step(gradients, rates) {
      steps++
      const coefficients = coefficientsOf(spec, rates, steps)
      tf.tidy(() => {
        slots.forEach((slot, i) => {
          rules[i]!(slot, gradients[i]!, coefficients)
        })
      })
    },
    dispose() {
      for (const { p, m, v } of slots) tf.dispose(v ? [p, m, v] : [p, m])
    },
  }
}
