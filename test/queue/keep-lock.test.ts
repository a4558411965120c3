import assert from 'node:assert/strict'
import { test } from 'node:test'
import { jobKeys, queueName } from '../../src/queue/job-keys.ts'
import { newJobId } from '../../src/queue/producer/job-identity.ts'
import { keepLock } from '../../src/queue/worker/keep-lock.ts'
import { redisOfFile } from '../support/redis.ts'

const { redis } = await redisOfFile()

async function activeJob() {
  const id = newJobId()
  await redis.lpush(`test:${queueName}:active`, id)
  await redis.sadd(`test:${queueName}:stalled`, id)
  const { lock } = jobKeys('test', id)
  const keep = (token: string) => keepLock(redis, 'test', { id, token, ms: 60_000 })
  return { id, lock, keep, isStalled: () => redis.sismember(`test:${queueName}:stalled`, id) }
}

test('a lock is kept, also while Redis is full, and the job does not count as stalled', async () => {
  const { lock, keep, isStalled } = await activeJob()
  await redis.set(lock, 'mine', 'PX', 5_000)
  await redis.config('SET', 'maxmemory', '1')
  assert.equal(await keep('mine'), true)
  await redis.config('SET', 'maxmemory', '0')
  assert.ok((await redis.pttl(lock)) > 5_000)
  assert.equal(await isStalled(), 0)
})

test('a lock that has expired is taken again, unless the job has another worker or none', async () => {
  const { id, lock, keep } = await activeJob()
  assert.equal(await keep('mine'), true)
  assert.equal(await redis.get(lock), 'mine')
  assert.equal(await keep("another worker's"), false)
  await redis.del(lock)
  await redis.lrem(`test:${queueName}:active`, 1, id)
  assert.equal(await keep('mine'), false)
  assert.equal(await redis.exists(lock), 0)
})
