import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rankingSettings } from '../../src/model/spec/ranking-spec.ts'
import { trainingSpecSchema } from '../../src/model/spec/training-spec.ts'
import { trainModel } from '../../src/training/train.ts'
import { sampleRatings } from '../support/sample-ratings.ts'

test('a short training on MovieLens predicts held-out ratings better than biases do, and ranks', async () => {
  const { fit, measurement } = await trainModel({
    ratings: await sampleRatings(),
    // Larger batches and fewer factors than the defaults, which take twenty times as long.
    spec: trainingSpecSchema.parse({
      algorithm: 'dot-bias',
      batchSize: 256,
      factors: 20,
      epochs: 3,
      learningRate: 0.01,
      // What is searched for otherwise, and the fit to all ratings, have tests of their own.
      ranking: { ...rankingSettings[0], priorRatings: 4 },
      refit: false,
    }),
    backend: 'wasm',
  })
  const { errors, lists, baselines } = measurement!
  assert.deepEqual(fit.model.ratingRange, [-0.0625, 5.5625])
  assert.equal(errors.rows, 20_000)
  assert.ok(errors.mse < baselines!['bias-only'].mse - 0.01, `MSE ${errors.mse}`)
  // Popularity has half of it.
  assert.ok(lists!.ndcg! > 0.25, `NDCG@10 ${lists!.ndcg}`)
  assert.ok(baselines!['bias-only'].mse < 0.82, `bias-only MSE ${baselines!['bias-only'].mse}`)
})
