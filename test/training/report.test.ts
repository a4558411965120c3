import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encodeModel } from '../../src/model/file/model-file.ts'
import { decodeTensors } from '../../src/model/file/safetensors.ts'
import { reportSchema } from '../../src/model/report.ts'
import type { ResolvedSteppedSpec } from '../../src/model/spec/training-spec.ts'
import { createSchedule } from '../../src/training/learning-rate/schedule.ts'
import { reportOf } from '../../src/training/report/report.ts'
import { type TrainingTask, trainModel } from '../../src/training/train.ts'
import { plantedRatings, plantedSpec, ratingsOf } from './planted-ratings.ts'

const ratings = plantedRatings({ users: 40, movies: 30 })
const quick = { algorithm: 'dot-bias', epochs: 2, batchSize: 64 }
async function train(task: Partial<TrainingTask> = {}, changes: object = {}) {
  const spec = plantedSpec({ ...quick, ...changes })
  const training = await trainModel({ ratings, spec, backend: 'wasm', ...task })
  return { ...training, report: reportOf(training) }
}

type Counted = { count: number } | { rows: number }
const sumOf = (items: readonly Counted[]) =>
  items.reduce((sum, item) => sum + ('count' in item ? item.count : item.rows), 0)

test('every picture of errors counts each held-out row once', async () => {
  const { report, measurement } = await train()
  const { errors, rows: validRows } = measurement!
  const { predictedVsActual, errorByUserRatings, errorByMovieRatings } = report
  assert.ok(validRows > 100)
  assert.equal(predictedVsActual.rows, validRows)
  assert.equal(sumOf(predictedVsActual.bins), validRows)
  for (const buckets of [errorByUserRatings, errorByMovieRatings]) {
    assert.equal(sumOf(buckets), validRows)
    const squared = buckets.reduce((sum, { rows, rmse }) => sum + rows * (rmse ?? 0) ** 2, 0)
    assert.ok(Math.abs(squared / validRows - errors.mse) < 1e-9)
  }
})

test('rows are counted by the training ratings of their user and movie, cold ones under 0', async () => {
  const small = ratingsOf([
    [1, 1, 4],
    [1, 2, 2],
    [1, 3, 3],
    [2, 4, 5],
    [3, 1, 5],
  ])
  const test = ratingsOf([
    [1, 9, 4],
    [2, 1, 3],
    [9, 1, 1],
    [1, 4, 5],
  ])
  const { report } = await train({ ratings: small, test })
  const rowsOf = (buckets: readonly { rows: number }[]) => buckets.map(({ rows }) => rows)
  assert.deepEqual(rowsOf(report.errorByUserRatings), [1, 1, 2])
  assert.deepEqual(rowsOf(report.errorByMovieRatings), [1, 1, 2])
  assert.equal(sumOf(report.predictedVsActual.bins), 4)
})

test('losses are those of the epochs, and rates those of the schedule over the steps taken', async () => {
  const { report, fit } = await train()
  const { epochs, spec } = fit.run
  assert.deepEqual(
    report.losses,
    epochs.map(({ epoch, trainMse, validMse }) => ({ epoch, trainMse, validMse })),
  )
  const stepsPerEpoch = Math.ceil(fit.trainRows / 64)
  assert.equal(report.rates.length, 2 * stepsPerEpoch)
  const schedule = createSchedule(spec as ResolvedSteppedSpec)
  for (const { step, ...rates } of report.rates)
    assert.deepEqual(rates, schedule(step, stepsPerEpoch))
})

test('a training that stops early has the rates of the steps it took', async () => {
  const { report, fit } = await train(
    {},
    { epochs: 40, earlyStopping: { patience: 1, share: 0.2 }, learningRate: 0.5 },
  )
  const { epochs } = fit.run
  assert.ok(epochs.length < 40)
  const stepsPerEpoch = Math.ceil(fit.trainRows / 64)
  assert.equal(report.rates.at(-1)!.step, epochs.length * stepsPerEpoch - 1)
})

test('the tensors are those of the file', async () => {
  const { report, fit } = await train()
  const { tensors } = decodeTensors(Buffer.concat(encodeModel(fit.model)))
  assert.deepEqual(
    report.tensors.map(({ name, shape, sizeBytes }) => [name, shape, sizeBytes]),
    [...tensors].map(([name, { shape, data }]) => [name, shape, data.byteLength]),
  )
  assert.deepEqual(report.tensors[0], {
    name: 'user_factors',
    dtype: 'F32',
    shape: [40, 4],
    sizeBytes: 640,
  })
})

test('with nothing held out the pictures of errors are empty, and the report is whole', async () => {
  const { report } = await train({}, { split: { valid: 0 } })
  assert.deepEqual(
    [report.predictedVsActual.rows, report.errorByUserRatings, report.errorByMovieRatings],
    [0, [], []],
  )
  assert.deepEqual(reportSchema.parse(JSON.parse(JSON.stringify(report))), report)
})
