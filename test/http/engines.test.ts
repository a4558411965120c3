import assert from 'node:assert/strict'
import { test } from 'node:test'
import { noEngines, openApp, queueWithoutRedis } from '../support/app.ts'

test('the engines of the server and of its workers are listed', async (t) => {
  const kinds = ['train' as const, 'erase' as const]
  const workers = [{ worker: 'w1', kinds, concurrency: 2, report: { ...noEngines, host: 'far' } }]
  const queue = { ...queueWithoutRedis(), workers: async () => workers }
  const { call } = await openApp(t, { queue })
  const { status, body } = await call('GET /v1/engines')
  assert.equal(status, 200)
  assert.deepEqual(body, { server: noEngines, workers })
})

test('without Redis the server still says what it has itself', async (t) => {
  const { call } = await openApp(t)
  const { status, body } = await call('GET /v1/engines')
  assert.deepEqual([status, body.server.host, body.workers], [200, 'test', null])
})
