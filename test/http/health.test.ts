import assert from 'node:assert/strict'
import { truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { openBench } from '../queue/queue-bench.ts'
import { ask } from '../redis/kinds.ts'
import { openApp } from '../support/app.ts'
import { until } from '../support/marquee.ts'
import { dotBiasModel } from '../support/models.ts'
import { startRedis } from '../support/redis.ts'

test('the process is alive whatever else is not', async (t) => {
  const broken = new Proxy({}, { get: () => assert.fail('a probe for life asked for more') })
  const { call } = await openApp(t, { queue: broken as never, store: broken as never })
  const { status, body } = await call('GET /health/live')
  assert.deepEqual([status, body], [200, { status: 'ok' }])
})

test('it is ready for reads when a model serves, with Redis or without', async (t) => {
  const redis = await startRedis()
  t.after(() => redis.stop())
  const { queue } = await openBench(t, redis.url)
  const { call, publish, serving } = await openApp(t, { queue })
  const ready = async (query = '') => {
    const { status, body } = await call(`GET /health/ready${query}`)
    return [status, body.status, body.redis, body.model]
  }
  assert.deepEqual(await ready(), [503, 'unavailable', true, null])
  assert.deepEqual(await ready('?for=writes'), [200, 'degraded', true, null])
  await publish(dotBiasModel(), 'v1')
  await serving.refresh()
  assert.deepEqual(await ready(), [200, 'ok', true, 'v1'])
  assert.deepEqual(await ready('?for=writes'), [200, 'ok', true, 'v1'])

  const { port } = redis
  await ask(port, (one) => one.config('SET', 'maxmemory-policy', 'allkeys-lru'))
  assert.deepEqual(await ready('?for=writes'), [200, 'degraded', true, 'v1'])
  assert.match((await call('GET /health/ready')).body.reasons.join(), /set maxmemory-policy noev/)
  await ask(port, (one) => one.config('SET', 'maxmemory-policy', 'noeviction'))

  await redis.kill()
  assert.deepEqual(await ready(), [200, 'degraded', false, 'v1'])
  assert.deepEqual(await ready('?for=writes'), [503, 'unavailable', false, 'v1'])
  assert.equal((await call('GET /v1/users/u1/recommendations')).status, 200)
  const away = await call('GET /v1/training-jobs')
  assert.deepEqual([away.status, away.body.code], [503, 'queue-unavailable'])
  assert.equal(away.headers['retry-after'], '5')

  await redis.restart()
  await until(async () => (await ready())[1] === 'ok')
})

test('it is not ready for writes while the log of ratings alone has no connection', async (t) => {
  const [ofQueue, ofLog] = await Promise.all([startRedis(), startRedis()])
  t.after(() => Promise.all([ofQueue.stop(), ofLog.stop()]))
  const { queue } = await openBench(t, ofQueue.url)
  const { call } = await openApp(t, { queue, redis: { redisUrl: ofLog.url, prefix: 'films' } })
  const ready = async () => {
    const { status, body } = await call('GET /health/ready?for=writes')
    return [status, body.redis, body.reasons.join().includes('Redis cannot be reached')]
  }
  assert.deepEqual(await ready(), [200, true, false])
  await ofLog.kill()
  await until(async () => (await ready())[0] === 503)
  assert.deepEqual(await ready(), [503, false, true])
  await ofLog.restart()
  await until(async () => (await ready())[0] === 200)
})

test('a refused model is a reason to look, not one to send requests elsewhere', async (t) => {
  const { call, folder, publish, serving } = await openApp(t)
  await publish(dotBiasModel(), 'v1')
  await serving.refresh()
  await publish(dotBiasModel({ seed: 2 }), 'v2', 2)
  await truncate(join(folder, 'models/v2/model.safetensors'), 9)
  await serving.refresh()
  const { status, body } = await call('GET /health/ready')
  assert.deepEqual([status, body.status, body.model], [200, 'degraded', 'v1'])
  assert.match(body.reasons.join(), /v2.*9 bytes/)
})
