import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import * as tf from '@tensorflow/tfjs-core'
import type { ErrorMetrics } from '../../src/model/card.ts'
import { pickRows } from '../../src/model/data/ratings.ts'
import { createScorer } from '../../src/model/scorer.ts'
import { steppedAlgorithms } from '../../src/model/spec/training-spec.ts'
import { startWasm } from '../../src/training/engines/tensorflow/wasm-backend.ts'
import { randomSplit } from '../../src/training/splitting/random-split.ts'
import { type TrainingHooks, trainModel } from '../../src/training/train.ts'
import { plantedRatings, plantedSpec, ratingsOf } from './planted-ratings.ts'

const ratings = plantedRatings()
const backend = 'wasm'
const quick = { epochs: 2, batchSize: 256 } as const

// Tensors can be counted on a backend only.
before(startWasm)

for (const algorithm of steppedAlgorithms)
  test(`${algorithm} recovers planted factors that biases cannot explain`, async () => {
    const { measurement } = await trainModel({
      ratings,
      spec: plantedSpec({ algorithm }),
      backend,
    })
    const { errors, baselines } = measurement!
    assert.ok(errors.mse < 0.5 * baselines!['bias-only'].mse, `held-out MSE ${errors.mse}`)
    assert.ok(baselines!['bias-only'].mse < baselines!['global-mean'].mse)
  })

for (const algorithm of steppedAlgorithms)
  for (const optimizer of ['sgd', 'adam'] as const)
    test(`${algorithm} with ${optimizer} gives the same model again for a seed, and no tensor stays`, async () => {
      const before = tf.memory().numTensors
      const during = new Set<number>()
      const train = async (seed: number) => {
        const spec = plantedSpec({
          algorithm,
          engine: 'tensorflow',
          optimizer,
          seed,
          ...quick,
          epochs: 3,
        })
        const hooks = { onEpoch: () => void during.add(tf.memory().numTensors) }
        return (await trainModel({ ratings, spec, backend, hooks })).fit
      }
      const [first, second, other] = [await train(1), await train(1), await train(2)]
      assert.deepEqual(first.model, second.model)
      assert.notDeepEqual(first.model.userFactors, other.model.userFactors)
      assert.equal(during.size, 1)
      assert.equal(tf.memory().numTensors, before)
    })

const { kept, heldOut } = randomSplit(ratings.rating.length, 0.3, 1, 'test')
const [train, held] = [pickRows(ratings, kept), pickRows(ratings, heldOut)]

test('what is reported is what the served scorer says of the held-out rows', async () => {
  const { fit, measurement } = await trainModel({
    ratings: train,
    test: held,
    spec: plantedSpec({ algorithm: 'net', ...quick }),
    backend,
  })
  const { model, run } = fit
  const { predict } = createScorer(model)
  const errors = [...held.rating].map(
    (rating, row) =>
      predict(
        model.users.indexOf(held.users.idOf(held.userIndex[row]!)),
        model.movies.indexOf(held.movies.idOf(held.movieIndex[row]!)),
      ) - rating,
  )
  const mse = errors.reduce((sum, error) => sum + error * error, 0) / errors.length
  const mae = errors.reduce((sum, error) => sum + Math.abs(error), 0) / errors.length
  const expected: ErrorMetrics = { mse, rmse: Math.sqrt(mse), mae, rows: held.rating.length }
  assert.deepEqual(measurement!.errors, expected)
  assert.ok(Math.abs(run.epochs.at(-1)!.validMse! / mse - 1) < 1e-5)
})

test('a held-out row of an unknown user and movie is predicted from the mean, not dropped', async () => {
  const test = ratingsOf([[999, 999, 2]])
  const { fit, measurement } = await trainModel({
    ratings,
    test,
    spec: plantedSpec({ algorithm: 'dot-bias', ...quick }),
    backend,
  })
  const { rows, mae } = measurement!.errors
  assert.equal(rows, 1)
  assert.ok(Math.abs(mae - Math.abs(fit.model.baseline.mean - 2)) < 1e-6)
})

test('early stopping never looks at the held-out rows', async () => {
  const trainWith = async (held: typeof ratings) => {
    const { fit } = await trainModel({
      ratings: train,
      test: held,
      spec: plantedSpec({
        algorithm: 'dot-bias',
        schedule: 'constant',
        weightDecay: 0,
        learningRate: 0.05,
        epochs: 30,
        factors: 20,
        earlyStopping: { patience: 2, share: 0.2 },
      }),
      backend,
    })
    return fit
  }
  const honest = await trainWith(held)
  const misled = await trainWith({ ...held, rating: held.rating.map((rating) => 6 - rating) })
  assert.ok(honest.run.epochs.length < 30)
  assert.equal(honest.run.epochs.length, misled.run.epochs.length)
  assert.deepEqual(honest.model.userFactors, misled.model.userFactors)
  assert.ok(honest.trainRows < train.rating.length)
})

test('"auto" is an eighth beyond the scale, in the notebooks half a star; "none" has no bounds', async () => {
  const rangeOf = async (ratingRange: 'auto' | 'none', preset = 'auto') => {
    const spec = plantedSpec({ algorithm: 'dot-bias', ratingRange, preset, ...quick })
    const { fit } = await trainModel({
      ratings: ratingsOf([
        [0, 0, 0.5],
        [1, 1, 5],
      ]),
      test: ratings,
      spec,
      backend,
    })
    return fit.model.ratingRange
  }
  assert.deepEqual(await rangeOf('auto'), [-0.0625, 5.5625])
  assert.deepEqual(await rangeOf('auto', 'fastai'), [0, 5.5])
  assert.equal(await rangeOf('none'), null)
})

function endless(hooks: TrainingHooks, changes: object = {}) {
  return trainModel({
    ratings,
    spec: plantedSpec({ algorithm: 'dot-bias', engine: 'tensorflow', epochs: 300, ...changes }),
    backend,
    hooks,
  })
}

test('a timer can abort a training: its loop lets the event loop run', async () => {
  const before = tf.memory().numTensors
  const controller = new AbortController()
  setTimeout(() => controller.abort(), 200)
  await assert.rejects(endless({ signal: controller.signal }), { code: 'cancelled' })
  assert.equal(tf.memory().numTensors, before)
})

test('an aborted signal ends a training before its first epoch', async () => {
  const onEpoch = () => assert.fail('an epoch ran')
  await assert.rejects(endless({ signal: AbortSignal.abort(), onEpoch }), { code: 'cancelled' })
})

test('a training that diverges says so and leaves no tensor', async () => {
  const before = tf.memory().numTensors
  const changes = { algorithm: 'dot', ratingRange: 'none', optimizer: 'sgd', learningRate: 100 }
  await assert.rejects(endless({}, changes), {
    code: 'diverged',
    message: /diverged in epoch \d at a learning rate/,
  })
  assert.equal(tf.memory().numTensors, before)
})
