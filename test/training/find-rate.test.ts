import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as tf from '@tensorflow/tfjs-core'
import { MarqueeError } from '../../src/errors.ts'
import type { LearningRatePoint } from '../../src/model/spec/learning-rate-search.ts'
import type { ResolvedSteppedSpec } from '../../src/model/spec/training-spec.ts'
import { enginesFor, startEngine } from '../../src/training/engines/engine.ts'
import { findLearningRate } from '../../src/training/learning-rate/find-learning-rate.ts'
import { searchLearningRate } from '../../src/training/learning-rate/search-learning-rate.ts'
import { createPulse } from '../../src/training/pulse.ts'
import { randomSplit } from '../../src/training/splitting/random-split.ts'
import { trainModel } from '../../src/training/train.ts'
import type { Engine, EpochPlan } from '../../src/training/trainer.ts'
import { plantedRatings, plantedSpec } from './planted-ratings.ts'

const ratings = plantedRatings()
const backend = 'wasm'
const specOf = (changes = {}) =>
  plantedSpec({ algorithm: 'dot-bias', engine: 'tensorflow', ...changes })

/** An engine whose loss is a function of the rate, in epochs of seven steps. */
function scriptedEngine(lossAt: (rate: number, step: number) => number) {
  const seen = { rates: [] as number[], disposed: 0 }
  const trainEpoch = async ({ ratesAt, onStep }: EpochPlan) => {
    for (let step = 0; step < 7; step++) {
      const { learningRate } = ratesAt(step)
      seen.rates.push(learningRate)
      if (!onStep!(lossAt(learningRate, seen.rates.length - 1))) break
    }
    return { mse: 0 }
  }
  const engine: Engine = {
    name: 'scripted',
    backend: 'none',
    device: 'none',
    createTrainer: () => ({
      stepsPerEpoch: 7,
      trainEpoch,
      weights: () => Promise.reject(new Error('nothing is kept')),
      dispose: () => void seen.disposed++,
    }),
  }
  const task = { spec: specOf(), rows: ratings, ratingRange: null }
  return { seen, find: () => findLearningRate(engine, task, { pulse: createPulse() }) }
}

const near = (actual: number, expected: number) =>
  assert.ok(Math.abs(actual / expected - 1) < 1e-9, `${actual}, expected ${expected}`)

test('the rate grows by the same factor from 1e-7 towards 10 over 100 steps', async () => {
  const { seen, find } = scriptedEngine(() => 1)
  await find()
  assert.equal(seen.rates.length, 100)
  near(seen.rates[0]!, 1e-7)
  for (const [i, rate] of seen.rates.entries()) near(rate, 10 ** (-7 + (8 * i) / 100))
  assert.equal(seen.disposed, 1)
})

test('the loss is the debiased exponential average of the steps', async () => {
  const losses = Array.from({ length: 100 }, (_, i) => 3 + Math.sin(i))
  const { points } = await scriptedEngine((_, step) => losses[step]!).find()
  for (const n of [1, 2, 50, 100]) {
    const weights = losses.slice(0, n).map((_, i) => 0.98 ** (n - 1 - i))
    const sum = weights.reduce((total, weight, i) => total + weight * losses[i]!, 0)
    near(points[n - 1]!.loss, sum / weights.reduce((total, weight) => total + weight, 0))
  }
})

test('it stops at the first loss over four times the lowest', async () => {
  const { seen, find } = scriptedEngine((_, step) => (step < 40 ? 1 : 1_000))
  const { points } = await find()
  assert.equal(points.length, 41)
  assert.ok(points[40]!.loss > 4 && points[39]!.loss <= 4)
  assert.equal(seen.rates.length, 41, 'no step is taken after it')
})

test('an infinite loss ends it and is no point', async () => {
  const { points } = await scriptedEngine((_, step) => (step < 60 ? 50 - step / 2 : NaN)).find()
  assert.equal(points.length, 60)
})

test('the suggestion comes from neither the first ten steps nor the last five', async () => {
  const { find } = scriptedEngine((rate) => (rate < 1e-6 ? 1e6 - rate : 5))
  const { suggestion, points } = await find()
  assert.ok(points.findIndex(({ learningRate }) => learningRate === suggestion) >= 10)
})

test('a loss that rises at once gives an error, and the trainer goes all the same', async () => {
  const { seen, find } = scriptedEngine((_, step) => 10 ** step)
  await assert.rejects(find(), { code: 'diverged', message: /after 2 of 100 steps/ })
  assert.equal(seen.disposed, 1)
})

for (const changes of [
  { algorithm: 'dot-bias' },
  { algorithm: 'net' },
  { algorithm: 'dot-bias', engine: 'simd' },
  { algorithm: 'dot-bias', engine: 'simd', optimizer: 'sgd' },
  { algorithm: 'dot-bias', engine: 'simd', optimizer: 'per-rating', learningRate: 0.01 },
])
  test(`${Object.values(changes).join(' ')}: it leaves no tensor, changes no training, and finds the same again`, async () => {
    const spec = specOf({ ...changes, epochs: 2, batchSize: 256 })
    const before = await trainModel({ ratings, spec, backend })
    const tensors = tf.memory().numTensors
    const points: LearningRatePoint[] = []
    const found = await searchLearningRate({
      ratings,
      spec,
      backend,
      hooks: { onPoint: (point) => void points.push(point) },
    })
    assert.equal(tf.memory().numTensors, tensors)
    assert.deepEqual(points, found.points)
    assert.ok(
      points[0]!.loss > 0.3 && points[0]!.loss < 16,
      `a mean of squares: ${points[0]!.loss}`,
    )
    assert.deepEqual(await searchLearningRate({ ratings, spec, backend }), found)
    const after = await trainModel({ ratings, spec, backend })
    assert.deepEqual(after.fit.model, before.fit.model)
  })

// First more steps in an epoch than are taken and rates at which the decay is over one, then
// several epochs whose last batch is short.
for (const changes of [
  { optimizer: 'sgd', batchSize: 8, weightDecay: 0.2 },
  { optimizer: 'adam', batchSize: 8, weightDecay: 0.2 },
  { optimizer: 'adam', batchSize: 250 },
])
  test(`both engines see the same losses: ${Object.values(changes).join(' ')}`, async () => {
    const pointsOf = async (engine: string) =>
      (await searchLearningRate({ ratings, spec: specOf({ engine, ...changes }), backend })).points
    const [first, second] = [await pointsOf('tensorflow'), await pointsOf('simd')]
    assert.equal(first.length, second.length)
    // At rates over one a difference in the last digit grows.
    for (const [i, { loss }] of first.slice(0, 80).entries())
      assert.ok(Math.abs(loss / second[i]!.loss - 1) < 1e-3, `step ${i}: ${loss}`)
  })

test('a cancelled search stops and leaves no tensor', async () => {
  const task = { spec: specOf(), rows: ratings, ratingRange: null }
  const { engine } = await startEngine(enginesFor(task.spec, backend))
  const tensors = tf.memory().numTensors
  let points = 0
  const beat = async () => Promise.reject(new MarqueeError('cancelled', 'The admin said so.'))
  const pulse = { isDue: () => points === 3, beat }
  const search = findLearningRate(engine, task, { pulse, onPoint: () => void points++ })
  await assert.rejects(search, { code: 'cancelled' })
  assert.equal(points, 3)
  assert.equal(tf.memory().numTensors, tensors)
})

for (const schedule of ['one-cycle', 'phases'] as const)
  test(`"auto" with ${schedule} trains at the rate that is found and learns`, async () => {
    const phases = [
      { epochs: 4, learningRate: 1 },
      { epochs: 4, learningRate: 0.1 },
    ]
    const spec = specOf({ learningRate: 'auto', schedule, phases, epochs: 8 })
    const { suggestion } = await searchLearningRate({ ratings, spec, backend })
    const { fit, measurement } = await trainModel({ ratings, spec, backend })
    assert.equal((fit.run.spec as ResolvedSteppedSpec).learningRate, suggestion)
    const rates = fit.run.epochs.map(({ learningRate }) => learningRate!)
    if (schedule === 'phases') {
      near(rates[0]!, suggestion)
      near(rates[7]!, suggestion / 10)
    } else assert.ok(Math.max(...rates) <= suggestion && Math.max(...rates) > suggestion / 3)
    const { errors, baselines } = measurement!
    assert.ok(errors.mse < 0.5 * baselines!['bias-only'].mse, `held-out MSE ${errors.mse}`)
  })

test('the spec of the result trains the same model again', async () => {
  const spec = specOf({ learningRate: 'auto', epochs: 2 })
  const { fit } = await trainModel({ ratings, spec, backend })
  const again = await trainModel({ ratings, spec: fit.run.spec, backend })
  assert.deepEqual(again.fit.model, fit.model)
})

test('held-out rows are never seen: poisoned, they change nothing', async () => {
  const spec = specOf({ batchSize: 128 })
  const { heldOut } = randomSplit(ratings.rating.length, spec.split.valid, spec.seed, 'split')
  const rating = ratings.rating.slice()
  for (const row of heldOut) rating[row] = 1_000_000
  assert.deepEqual(
    await searchLearningRate({ ratings: { ...ratings, rating }, spec, backend }),
    await searchLearningRate({ ratings, spec, backend }),
  )
})
