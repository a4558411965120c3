import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runEpochs } from '../../src/training/fit/run-epochs.ts'
import { createPulse } from '../../src/training/pulse.ts'
import type { Trainer, Weights } from '../../src/training/trainer.ts'
import { ratedSpec } from './planted-ratings.ts'

/** A trainer whose only weight is the number of epochs it has run. */
function countingTrainer(mse = 1): Trainer {
  let epochs = 0
  const matrix = () => ({ rows: 1, columns: 1, data: Float32Array.of(epochs) })
  return {
    stepsPerEpoch: 10,
    trainEpoch: async () => {
      epochs++
      return { mse }
    },
    weights: async () => ({
      userFactors: matrix(),
      movieFactors: matrix(),
      userBias: null,
      movieBias: null,
      layers: [],
    }),
    dispose: () => {},
  }
}

const epochOf = (weights: Weights) => weights.userFactors.data[0]!

function run(changes: object, innerErrors: number[] = [], trainer = countingTrainer()) {
  return runEpochs({
    spec: ratedSpec({ algorithm: 'dot-bias', schedule: 'constant', ...changes }),
    trainer,
    trainRows: 100,
    unit: { size: 1 },
    pulse: createPulse(),
    validate: async () => null,
    innerError: async (weights) => innerErrors[epochOf(weights) - 1]!,
  })
}

test('without early stopping every planned epoch runs and the last weights stay', async () => {
  const { weights, epochs } = await run({ epochs: 4 })
  assert.equal(epochOf(weights), 4)
  assert.deepEqual(
    epochs.map(({ epoch, epochs: planned }) => [epoch, planned]),
    [1, 2, 3, 4].map((epoch) => [epoch, 4]),
  )
})

test('early stopping ends after "patience" epochs without a better error and keeps the best', async () => {
  const errors = [0.9, 0.7, 0.8, 0.7, 0.1]
  const { weights, epochs } = await run({ epochs: 5, earlyStopping: { patience: 2 } }, errors)
  assert.equal(epochs.length, 4)
  assert.equal(epochOf(weights), 2)
})

test('early stopping keeps the best epoch when it never had to stop', async () => {
  const errors = [0.9, 0.5, 0.6]
  const { weights, epochs } = await run({ epochs: 3, earlyStopping: { patience: 3 } }, errors)
  assert.equal(epochs.length, 3)
  assert.equal(epochOf(weights), 2)
})

test('an infinite loss is an error that names the epoch and the rate', async () => {
  await assert.rejects(run({ learningRate: 7 }, [], countingTrainer(Number.POSITIVE_INFINITY)), {
    code: 'diverged',
    message: /epoch 1 at a learning rate of 7/,
  })
})

test('a weight that is no number is found even when the loss is finite', async () => {
  const trainer = countingTrainer()
  const weights = async () => ({
    ...(await countingTrainer().weights()),
    userBias: Float32Array.of(NaN),
  })
  await assert.rejects(run({}, [], { ...trainer, weights }), { code: 'diverged' })
})
