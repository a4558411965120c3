import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { DotSpec } from '../../src/model/spec/training-spec.ts'
import { createRandom, permutation } from '../../src/numeric/random/random.ts'
import { initialWeights } from '../../src/training/engines/initial-weights.ts'
import { createSimdEngine } from '../../src/training/engines/simd/simd-engine.ts'
import { createSchedule } from '../../src/training/learning-rate/schedule.ts'
import { createPulse } from '../../src/training/pulse.ts'
import { type PlainSlot, plainOptimizerStep } from '../support/plain-steps.ts'
import { plantedSpec, ratedSpec, ratingsOf } from './planted-ratings.ts'

const users = 30
const movies = 40
const epochs = 3

/** One busy pair of sides, and many that a few ratings leave alone for hundreds of steps. */
const rows = (() => {
  const random = createRandom(4, 'sparse')
  const skewed = (size: number) => Math.floor(size * random.uniform() ** 4)
  const all = Array.from(
    { length: 1_500 },
    () => [skewed(users), skewed(movies), 1 + random.below(5)] as const,
  )
  return ratingsOf([...all, [users - 1, movies - 1, 3]])
})()

/** Every number moved at every step, in doubles: what the kernels must come to. */
function trainPlainly(spec: DotSpec, range: readonly [number, number] | null): Float64Array[] {
  const weights = initialWeights(spec, users, movies)
  const k = spec.factors
  const arrays = [weights.userFactors.data, weights.movieFactors.data]
  if (weights.userBias && weights.movieBias) arrays.push(weights.userBias, weights.movieBias)
  const slots = arrays.map(
    (array): PlainSlot => ({
      p: Float64Array.from(array),
      m: new Float64Array(array.length),
      v: new Float64Array(array.length),
    }),
  )
  const [u, v, bu, bm] = slots.map((slot) => slot.p) as [
    Float64Array,
    Float64Array,
    Float64Array?,
    Float64Array?,
  ]
  const schedule = createSchedule(ratedSpec(spec))
  const size = rows.rating.length
  const stepsPerEpoch = Math.ceil(size / spec.batchSize)
  for (let epoch = 0; epoch < epochs; epoch++) {
    const order = permutation(size, createRandom(spec.seed, `order-${epoch}`))
    for (let step = 0; step < stepsPerEpoch; step++) {
      const gradients = slots.map((slot) => new Float64Array(slot.p.length))
      const batch = order.subarray(step * spec.batchSize, (step + 1) * spec.batchSize)
      for (const row of batch) {
        const [user, movie] = [rows.userIndex[row]!, rows.movieIndex[row]!]
        let z = (bu?.[user] ?? 0) + (bm?.[movie] ?? 0)
        for (let f = 0; f < k; f++) z += u[user * k + f]! * v[movie * k + f]!
        const [lowest, span] = range ? [range[0], range[1] - range[0]] : [0, 1]
        const sigma = 1 / (1 + Math.exp(-z))
        const error = (range ? lowest + span * sigma : z) - rows.rating[row]!
        const g = (2 * error * (range ? span * sigma * (1 - sigma) : 1)) / batch.length
        for (let f = 0; f < k; f++) {
          gradients[0]![user * k + f]! += g * v[movie * k + f]!
          gradients[1]![movie * k + f]! += g * u[user * k + f]!
        }
        if (bu) gradients[2]![user]! += g
        if (bm) gradients[3]![movie]! += g
      }
      const t = epoch * stepsPerEpoch + step
      slots.forEach((slot, i) => {
        const settings = { ...spec, optimizer: spec.optimizer as 'sgd' | 'adam' }
        plainOptimizerStep(slot, gradients[i]!, settings, schedule(t, stepsPerEpoch), t + 1)
      })
    }
  }
  return slots.map((slot) => slot.p)
}

async function trainOnKernels(spec: DotSpec, ratingRange: readonly [number, number] | null) {
  const trainer = (await createSimdEngine(1)).createTrainer({ spec, rows, ratingRange })
  const schedule = createSchedule(ratedSpec(spec))
  for (let epoch = 0; epoch < epochs; epoch++) {
    const ratesAt = (step: number) =>
      schedule(epoch * trainer.stepsPerEpoch + step, trainer.stepsPerEpoch)
    await trainer.trainEpoch({ epoch, ratesAt, pulse: createPulse() })
  }
  const { userFactors, movieFactors, userBias, movieBias } = await trainer.weights()
  trainer.dispose()
  return [userFactors.data, movieFactors.data, userBias, movieBias]
}

const cases: [changes: Record<string, unknown>, range: readonly [number, number] | null][] = [
  [{ optimizer: 'adam', decay: 'decoupled' }, [0.5, 5.5]],
  [{ optimizer: 'adam', decay: 'l2' }, [0.5, 5.5]],
  [{ optimizer: 'adam', decay: 'decoupled', momentum: 0, schedule: 'constant' }, [0.5, 5.5]],
  [{ optimizer: 'adam', decay: 'decoupled', batchSize: 1 }, [0.5, 5.5]],
  [{ optimizer: 'adam', decay: 'decoupled', beta2: 0.999, epsilon: 1e-8 }, [0.5, 5.5]],
  [{ optimizer: 'adam', decay: 'decoupled', beta2: 0.9, epsilon: 1e-3 }, [0.5, 5.5]],
  [{ optimizer: 'adam', decay: 'decoupled', algorithm: 'dot' }, null],
  [{ optimizer: 'sgd', decay: 'decoupled' }, [0.5, 5.5]],
  [{ optimizer: 'sgd', decay: 'l2' }, [0.5, 5.5]],
  [{ optimizer: 'sgd', decay: 'l2', algorithm: 'dot', schedule: 'cosine' }, null],
  [{ optimizer: 'sgd', decay: 'l2', momentum: 0, batchSize: 4_000 }, [0.5, 5.5]],
]

for (const [changes, range] of cases)
  test(`${JSON.stringify(changes)}: as if every row had moved at every step`, async () => {
    const spec = plantedSpec({
      algorithm: 'dot-bias',
      factors: 6,
      batchSize: 3,
      learningRate: 0.01,
      weightDecay: 0.1,
      epochs,
      ...changes,
    }) as DotSpec
    const expected = trainPlainly(spec, range)
    const actual = await trainOnKernels(spec, range)
    // Measured: single ratings leave a row nearly all to the quadrature, which is near and not
    // exact.
    const tolerance = spec.batchSize === 1 ? 2e-3 : 3e-4
    expected.forEach((array, n) => {
      array.forEach((value, i) => {
        const error = Math.abs(actual[n]![i]! - value)
        assert.ok(error < tolerance, `array ${n}, number ${i}: ${actual[n]![i]}, expected ${value}`)
      })
    })
  })
