import assert from 'node:assert/strict'
import { test } from 'node:test'
import { markCancelled, readEvents, writeEnd } from '../../src/queue/job-events-store.ts'
import { type JobKeys, jobKeys } from '../../src/queue/job-keys.ts'
import { newJobId } from '../../src/queue/producer/job-identity.ts'
import { type Attempt, beginAttempt } from '../../src/queue/worker/attempt.ts'
import { redisOfFile } from '../support/redis.ts'
import { stubReport } from './stub-trainings.ts'

const { redis } = await redisOfFile()

async function newKeys() {
  const keys = jobKeys('test', newJobId())
  await redis.set(keys.lock, 'token')
  return keys
}

async function begin(keys: JobKeys): Promise<Attempt> {
  const attempt = await beginAttempt(redis, keys, 'token')
  if (typeof attempt === 'string') assert.fail(`the attempt was ${attempt}`)
  return attempt
}

test('an attempt counts no more once the next one has begun', async () => {
  const keys = await newKeys()
  const zombie = await begin(keys)
  assert.equal(await zombie.report(stubReport(1)), 'newest')
  const next = await begin(keys)
  assert.deepEqual([zombie.number, next.number], [1, 2])
  assert.equal(await zombie.report(stubReport(2)), 'superseded')
  assert.equal(await zombie.claimPublication(), 'superseded')
  assert.equal(await next.claimPublication(), 'newest')
})

test('a worker that has lost the lock of a job cannot begin and takes nothing from its heir', async () => {
  const keys = await newKeys()
  const heir = await begin(keys)
  assert.equal(await beginAttempt(redis, keys, 'an older token'), 'superseded')
  assert.equal(await heir.claimPublication(), 'newest')
})

test('events are those of the newest attempt, each once, with ids that grow', async () => {
  const keys = await newKeys()
  const first = await begin(keys)
  await first.report(stubReport(1))
  const [started, epoch] = await readEvents(redis, keys)
  const second = await begin(keys)
  await second.report(stubReport(1))
  await second.report(stubReport(1))
  const events = await readEvents(redis, keys, epoch!.id)
  assert.deepEqual(
    events.map(({ type, data }) => [type, data]),
    [
      ['started', { attempt: 2 }],
      ['epoch', stubReport(1)],
    ],
  )
  assert.equal(started!.type, 'started')
  assert.equal((await readEvents(redis, keys)).length, 2)
})

test('deaths are counted anew when an attempt gets further than any before it', async () => {
  const keys = await newKeys()
  const counts = async () => redis.hmget(keys.job, 'stc', 'atm')
  const die = () => redis.multi().hincrby(keys.job, 'stc', 1).hincrby(keys.job, 'atm', 1).exec()
  await die()
  const first = await begin(keys)
  await first.noteCheckpoint(5)
  assert.deepEqual(await counts(), ['0', '0'])

  await die()
  const second = await begin(keys)
  for (const epoch of [3, 4, 5]) await second.noteCheckpoint(epoch)
  assert.equal(await first.noteCheckpoint(6), 'superseded')
  assert.deepEqual(await counts(), ['1', '1'])
  await second.noteCheckpoint(6)
  assert.deepEqual(await counts(), ['0', '0'])
})

test('an attempt that waited for parts goes on with whoever takes the job up, once', async () => {
  const keys = await newKeys()
  const first = await begin(keys)
  await first.report(stubReport(1))
  await redis.set(keys.waits, '1')
  const resumed = await begin(keys)
  assert.equal(resumed.number, first.number)
  assert.equal((await readEvents(redis, keys)).length, 2)
  assert.equal((await begin(keys)).number, first.number + 1)
  assert.equal(await resumed.claimPublication(), 'superseded')
})

test('a cancelled job begins no attempt, takes no report and publishes nothing', async () => {
  const keys = await newKeys()
  const running = await begin(keys)
  assert.equal(await markCancelled(redis, keys), true)
  assert.equal(await markCancelled(redis, keys), true)
  assert.equal(await running.report(stubReport(1)), 'cancelled')
  assert.equal(await running.claimPublication(), 'cancelled')
  assert.equal(await beginAttempt(redis, keys, 'token'), 'cancelled')
})

test('once its publication has begun, a job cannot be cancelled', async () => {
  const keys = await newKeys()
  const attempt = await begin(keys)
  await attempt.claimPublication()
  assert.equal(await markCancelled(redis, keys), false)
  await begin(keys)
  assert.equal(await markCancelled(redis, keys), true)
})

test('a job whose publisher has lost it can be cancelled before the next attempt begins', async () => {
  for (const heir of ['another worker', null]) {
    const keys = await newKeys()
    const attempt = await begin(keys)
    await attempt.claimPublication()
    if (heir === null) await redis.del(keys.lock)
    else await redis.set(keys.lock, heir)
    assert.equal(await markCancelled(redis, keys), true)
    assert.equal(await beginAttempt(redis, keys, heir ?? 'token'), 'cancelled')
  }
})

test('a job that has ended, though nobody was told, cannot be cancelled', async () => {
  const keys = await newKeys()
  await begin(keys)
  await redis.hset(keys.job, 'finishedOn', '1')
  assert.equal(await markCancelled(redis, keys), false)
})

test('a job ends once, with the end that was told first', async () => {
  const keys = await newKeys()
  await begin(keys)
  await Promise.all(Array.from({ length: 20 }, () => writeEnd(redis, keys, 'failed')))
  assert.equal(await markCancelled(redis, keys), false)
  const ends = (await readEvents(redis, keys)).filter(({ type }) => type === 'ended')
  assert.deepEqual(
    ends.map(({ data }) => data),
    [{ state: 'failed' }],
  )
})

test('whatever is kept about a job expires', async () => {
  const keys = await newKeys()
  const attempt = await begin(keys)
  await attempt.claimPublication()
  const cancelled = await newKeys()
  await markCancelled(redis, cancelled)
  const names = [keys.attempt, keys.events, keys.publishing, cancelled.cancelled, cancelled.events]
  for (const ttl of await Promise.all(names.map((name) => redis.ttl(name)))) assert.ok(ttl > 0)
})
