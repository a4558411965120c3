import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import * as tf from '@tensorflow/tfjs-core'
import { steppedAlgorithms, steppedSpecSchema } from '../../src/model/spec/training-spec.ts'
import { createRandom } from '../../src/numeric/random/random.ts'
import { initialWeights } from '../../src/training/engines/initial-weights.ts'
import { batchOf, dropoutMasks } from '../../src/training/engines/tensorflow/batches.ts'
import { dotObjective } from '../../src/training/engines/tensorflow/dot-objective.ts'
import { netObjective } from '../../src/training/engines/tensorflow/net-objective.ts'
import { createOptimizer, type Optimizer } from '../../src/training/engines/tensorflow/optimizer.ts'
import { toParameters } from '../../src/training/engines/tensorflow/parameters.ts'
import { adamRule, sgdRule } from '../../src/training/engines/tensorflow/update-rule.ts'
import { startWasm } from '../../src/training/engines/tensorflow/wasm-backend.ts'
import { fusedAdamRule, fusedSgdRule } from '../../src/training/engines/tensorflow/wasm-kernels.ts'
import { settleSpec } from '../../src/training/fit/settle-spec.ts'
import { plantedRatings } from './planted-ratings.ts'

type Settings = Parameters<typeof createOptimizer>[0]

const fastai = { beta2: 0.99, epsilon: 1e-5 }
const pytorch = { beta2: 0.999, epsilon: 1e-8 }

const initial = [0.5, -1.25, 0, 2]
// The last element never has a gradient: only its decay moves it.
const gradients = [
  [0.1, -2, 3e-4, 0],
  [-0.3, 0, 1e-4, 0],
  [0, 0.5, -2e-4, 0],
  [0.2, 0.1, 0, 0],
]
const rates = [
  { learningRate: 0.01, momentum: 0.95 },
  { learningRate: 0.1, momentum: 0.9 },
  { learningRate: 0.05, momentum: 0.85 },
  { learningRate: 0.001, momentum: 0.9 },
]

before(startWasm)

for (const [name, optimizer, rule, averages] of [
  ['SGD of plain ops', 'sgd', sgdRule, fastai],
  ['fused SGD', 'sgd', fusedSgdRule, fastai],
  ['Adam of plain ops', 'adam', adamRule, fastai],
  ['fused Adam', 'adam', fusedAdamRule, fastai],
  ["Adam of plain ops with PyTorch's averages", 'adam', adamRule, pytorch],
  ["fused Adam with PyTorch's averages", 'adam', fusedAdamRule, pytorch],
] as const)
  for (const decay of ['decoupled', 'l2'] as const)
    test(`${name} with ${decay} decay moves as the scalar reference`, () => {
      const settings = { optimizer, decay, weightDecay: 0.3, ...averages }
      const optimiser = createOptimizer(
        settings,
        [{ shape: [2, 2], data: Float32Array.from(initial), isTable: true }],
        () => rule,
      )
      gradients.forEach((gradient, step) => {
        const tensor = tf.tensor(gradient, [2, 2])
        optimiser.step([tensor], rates[step]!)
        tensor.dispose()
      })
      const moved = [...optimiser.parameters[0]!.dataSync()]
      optimiser.dispose()
      initial.forEach((start, i) => {
        const expected = reference(settings, start, i)
        assert.ok(Math.abs(moved[i]! - expected) < 1e-5, `${i}: ${moved[i]}, expected ${expected}`)
      })
    })

for (const algorithm of steppedAlgorithms)
  test(`${algorithm} moves the same with fused and with plain rules`, () => {
    const rows = plantedRatings({ users: 8, movies: 6 })
    const asked = steppedSpecSchema.parse({ algorithm, seed: 3, optimizer: 'adam' })
    const spec = settleSpec(asked, rows, 'auto')
    const objective = algorithm === 'net' ? netObjective([0, 5.5]) : dotObjective([0, 5.5])
    const initial = toParameters(initialWeights(spec, 8, 6))
    const train = (optimiser: Optimizer) => {
      for (let step = 0; step < 10; step++)
        tf.tidy(() => {
          const batch = batchOf(rows, null, Uint32Array.from(rows.rating.keys()), 0, 16)
          const masks = spec.algorithm === 'net' ? dropoutMasks(spec, 16, createRandom(step)) : []
          const { gradients } = objective(optimiser.parameters, { ...batch, masks })
          optimiser.step(gradients, { learningRate: 0.01, momentum: 0.9 })
        })
      const moved = optimiser.parameters.map((parameter) => parameter.dataSync())
      optimiser.dispose()
      return moved
    }
    const fused = train(createOptimizer(spec, initial))
    const plain = train(createOptimizer(spec, initial, () => adamRule))
    fused.forEach((values, n) => {
      values.forEach((value, i) => {
        assert.ok(Math.abs(value - plain[n]![i]!) < 1e-5, `parameter ${n}, element ${i}`)
      })
    })
  })

test('an optimiser gives back every tensor', () => {
  const before = tf.memory().numTensors
  const settings: Settings = { optimizer: 'adam', decay: 'l2', weightDecay: 0.1, ...fastai }
  const optimiser = createOptimizer(settings, [
    { shape: [1], data: new Float32Array(1), isTable: true },
  ])
  optimiser.dispose()
  assert.equal(tf.memory().numTensors, before)
})

/** One number through all steps, written from PyTorch's and fast.ai's documentation. */
function reference(settings: Settings, start: number, i: number): number {
  const { optimizer, decay, weightDecay, beta2, epsilon } = settings
  let [p, m, v] = [start, 0, 0]
  gradients.forEach((gradient, step) => {
    const { learningRate, momentum } = rates[step]!
    const t = step + 1
    let g = gradient[i]!
    if (decay === 'decoupled') p -= learningRate * weightDecay * p
    else g += weightDecay * p
    if (optimizer === 'sgd') {
      m = momentum * m + g
      p -= learningRate * m
    } else {
      m = momentum * m + (1 - momentum) * g
      v = beta2 * v + (1 - beta2) * g * g
      const unbiased = m / (1 - momentum ** t)
      p -= (learningRate * unbiased) / (Math.sqrt(v / (1 - beta2 ** t)) + epsilon)
    }
  })
  return p
}
