import assert from 'node:assert/strict'
import { readFile, rm, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import type { ModelCard } from '../../src/model/card.ts'
import type { ModelReport } from '../../src/model/report.ts'
import { openApp } from '../support/app.ts'
import { dotBiasModel } from '../support/models.ts'

async function openTwo(t: TestContext) {
  const bench = await openApp(t)
  await bench.publish(dotBiasModel(), 'v1', 1)
  await bench.publish(dotBiasModel({ seed: 2 }), 'v2', 2)
  await bench.serving.refresh()
  return bench
}

const withoutEpochs = ({ epochs: _, ...card }: ModelCard) => card

test('the list has the cards, newest first, and says which model serves', async (t) => {
  const { call, registry } = await openTwo(t)
  const { status, body } = await call('GET /v1/models')
  assert.equal(status, 200)
  assert.deepEqual([body.serving, body.refusal], ['v2', null])
  assert.deepEqual(body.items, [
    { ...withoutEpochs(await registry.card('v2')), serving: true },
    { ...withoutEpochs(await registry.card('v1')), serving: false },
  ])
})

test('one model has its card whole', async (t) => {
  const { call, registry } = await openTwo(t)
  const { body } = await call('GET /v1/models/v1')
  assert.deepEqual(body, { ...(await registry.card('v1')), serving: false })
})

test('a model has its report, whole', async (t) => {
  const { call, publish, registry } = await openTwo(t)
  const report: ModelReport = {
    algorithm: 'net',
    losses: [
      { epoch: 1, trainMse: 0.9, validMse: 1.1 },
      { epoch: 2, trainMse: 0.8, validMse: null },
    ],
    rates: [{ step: 0, learningRate: 1e-7, momentum: 0.95 }],
    predictedVsActual: {
      columnSpacing: 0.5,
      rowSpacing: 0.25,
      rows: 3,
      bins: [{ actual: 0.5, predicted: 1.25, count: 3 }],
    },
    errorByUserRatings: [
      { from: 0, to: 0, rows: 0, rmse: null },
      { from: 1, to: 1, rows: 3, rmse: 0.75 },
    ],
    errorByMovieRatings: [{ from: 0, to: 0, rows: 3, rmse: 0.75 }],
    tensors: [{ name: 'user_factors', dtype: 'F32', shape: [4, 3], sizeBytes: 48 }],
  }
  await publish(dotBiasModel(), 'v3', 3, report)
  const { status, body } = await call('GET /v1/models/v3/report')
  assert.deepEqual([status, body], [200, { model: 'v3', ...report }])
  assert.deepEqual((await registry.report('v3')).tensors, report.tensors)
})

test('a report that is not there or not readable is said to be so', async (t) => {
  const { call, folder } = await openTwo(t)
  const outcome = async (version: string) => {
    const { status, body } = await call(`GET /v1/models/${version}/report`)
    return [status, body.code]
  }
  await truncate(join(folder, 'models/v1/report.json'), 10)
  await rm(join(folder, 'models/v2/report.json'))
  assert.deepEqual(await outcome('v1'), [422, 'invalid-model'])
  assert.deepEqual(await outcome('v2'), [404, 'not-found'])
})

test('an unknown version is not found, however it is spelt', async (t) => {
  const { call } = await openTwo(t)
  for (const version of ['v9', '..', '%2e%2e', '..%2f..%2fetc', 'v1%00', 'V1', 'v1.'])
    for (const target of [
      `GET /v1/models/${version}`,
      `GET /v1/models/${version}/report`,
      `POST /v1/models/${version}/promote`,
    ]) {
      const { status, body } = await call(target)
      assert.equal(status, 404, target)
      assert.match(body.code, /^(unknown-model|not-found)$/)
    }
})

test('promote answers when the model serves, and rollback returns', async (t) => {
  const { call } = await openTwo(t)
  const model = async () => (await call('GET /v1/users/u1/recommendations')).body.model
  const promoted = await call('POST /v1/models/v1/promote')
  assert.deepEqual([promoted.status, promoted.body], [200, { model: 'v1', previous: 'v2' }])
  assert.equal(await model(), 'v1')
  const back = await call('POST /v1/models/rollback')
  assert.deepEqual([back.status, back.body], [200, { model: 'v2', previous: 'v1' }])
  assert.equal(await model(), 'v2')
})

test('there is a first model from which nothing can be rolled back', async (t) => {
  const { call, publish, serving } = await openApp(t)
  await publish(dotBiasModel(), 'v1')
  await serving.refresh()
  const { status, body } = await call('POST /v1/models/rollback')
  assert.deepEqual([status, body.code], [409, 'no-earlier-model'])
})

test('a damaged model cannot be promoted, and one that is published is shown as refused', async (t) => {
  const { call, folder, publish, serving } = await openTwo(t)
  await truncate(join(folder, 'models/v1/model.safetensors'), 50)
  const promoted = await call('POST /v1/models/v1/promote')
  assert.deepEqual([promoted.status, promoted.body.code], [422, 'invalid-model'])
  assert.match(promoted.body.detail, /50 bytes/)

  await publish(dotBiasModel({ seed: 3 }), 'v3', 3)
  await truncate(join(folder, 'models/v3/model.safetensors'), 70)
  await serving.refresh()
  const { body } = await call('GET /v1/models')
  assert.deepEqual([body.serving, body.refusal.version], ['v2', 'v3'])
  assert.match(body.refusal.reason, /70 bytes/)
  assert.equal((await call('GET /v1/users/u1/recommendations')).body.model, 'v2')
})

test('a rollback to a damaged model is refused and changes nothing', async (t) => {
  const { call, folder } = await openTwo(t)
  await truncate(join(folder, 'models/v1/model.safetensors'), 50)
  const { status, body } = await call('POST /v1/models/rollback')
  assert.deepEqual([status, body.code], [422, 'invalid-model'])
  assert.match(body.detail, /model v1 was refused: it has 50 bytes/)
  assert.equal((await call('GET /v1/models')).body.serving, 'v2')
  assert.equal(
    JSON.parse(await readFile(join(folder, 'models/current.json'), 'utf8')).version,
    'v2',
  )
})
