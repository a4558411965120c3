import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { type TestContext, test } from 'node:test'
import { openTrainingQueue } from '../../src/queue/producer/training-queue.ts'
import { claimStore } from '../../src/queue/same-store.ts'
import { redisOfFile } from '../support/redis.ts'
import { logger, until } from './queue-bench.ts'

const { server, redis } = await redisOfFile()
const newPrefix = () => `test-${randomBytes(6).toString('hex')}`

async function open(t: TestContext, prefix: string, storeId: () => Promise<string>) {
  const settings = { redisUrl: server.url, prefix, attempts: 1, logger }
  const queue = await openTrainingQueue({ ...settings, storeId })
  t.after(() => queue.close())
  return queue
}

test('over a Redis of another store a queue says so', async (t) => {
  const prefix = newPrefix()
  await claimStore(redis, prefix, 'theirs')
  const queue = await open(t, prefix, async () => 'ours')
  await until(async () => !(await queue.redis()).isUsable, 'it knows of the other store')
  assert.match(queue.storeFault() ?? '', /store/)
})

test('a store that cannot say its id at first is asked again', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const prefix = newPrefix()
  let asked = 0
  await open(t, prefix, async () => {
    asked += 1
    if (asked === 1) throw new Error('the store is away')
    return 'ours'
  })
  await until(async () => {
    t.mock.timers.tick(10_000)
    return (await redis.get(`${prefix}:store`)) === 'ours'
  }, 'the store is claimed')
})

test('a claim is kept while Redis is full', async (t) => {
  const prefix = newPrefix()
  await claimStore(redis, prefix, 'ours')
  await redis.expire(`${prefix}:store`, 5)
  await redis.config('SET', 'maxmemory', '1')
  t.after(() => redis.config('SET', 'maxmemory', '0'))
  assert.equal(await claimStore(redis, prefix, 'ours'), null)
  assert.ok((await redis.ttl(`${prefix}:store`)) > 5)
})
