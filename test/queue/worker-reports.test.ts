import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Redis } from 'ioredis'
import { readReports, tellReport } from '../../src/queue/worker-reports.ts'
import { noEngines } from '../support/app.ts'
import { until } from '../support/marquee.ts'
import { startRedis, type TestRedis } from '../support/redis.ts'

let server: TestRedis
before(async () => {
  server = await startRedis()
})
after(() => server.stop())

test('what workers tell is read while they are there, and forgotten when they are not', async (t) => {
  const redis = new Redis(server.url)
  t.after(() => redis.disconnect())
  const read = () => readReports(redis, 'p')
  assert.deepEqual(await read(), [])
  const first = tellReport(redis, 'p', noEngines)
  const second = tellReport(redis, 'p', { ...noEngines, host: 'other' })
  t.after(() => second.takeBack())
  await until(async () => (await read()).length === 2)
  first.takeBack()
  await until(async () => (await read()).length === 1)
  const [left] = await read()
  assert.equal(left!.report.host, 'other')

  assert.ok((await redis.ttl(`p:worker:${left!.worker}`)) > 30)
  await redis.del(`p:worker:${left!.worker}`)
  assert.deepEqual(await read(), [])
  assert.equal(await redis.exists('p:workers'), 0)
})

test('a report of another release is left out', async (t) => {
  const redis = new Redis(server.url)
  t.after(() => redis.disconnect())
  await redis.sadd('q:workers', 'odd')
  await redis.set('q:worker:odd', '{"engines": "many"}')
  assert.deepEqual(await readReports(redis, 'q'), [])
})
