import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Redis } from 'ioredis'
import { workKinds } from '../../src/queue/work-kinds.ts'
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
  const first = tellReport(redis, 'p', { kinds: ['train'], concurrency: 1 })
  const second = tellReport(redis, 'p', { kinds: ['tune', 'erase'], concurrency: 3 })
  t.after(() => second.takeBack())
  await until(async () => (await read()).length === 2)
  first.takeBack()
  await until(async () => (await read()).length === 1)
  second.probed({ ...noEngines, host: 'other' })
  await until(async () => (await read())[0]!.report.host === 'other')
  const [left] = await read()
  assert.deepEqual([left!.kinds, left!.concurrency], [['tune', 'erase'], 3])

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
  // One of an earlier release takes all.
  await redis.set('q:worker:odd', JSON.stringify(noEngines))
  const [earlier] = await readReports(redis, 'q')
  assert.deepEqual([earlier!.kinds, earlier!.concurrency], [[...workKinds], 1])
})
