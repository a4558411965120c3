// Takes more than 15 s: Redis is away for longer than locks last.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { TrainingQueue } from '../../src/queue/producer/training-queue.ts'
import { startRedis } from '../support/redis.ts'
import { trainingProcesses } from './processes.ts'
import { ended, eventOf, hasCode, openBench, queued, until } from './queue-bench.ts'
import { stubSpec } from './stub-trainings.ts'

const isReached = async (queue: TrainingQueue) => (await queue.redis()).isUsable
const id = 'job-000000000000000000000000'

/** Every call is refused with `queue-unavailable`, and none stays pending. */
async function assertUnavailable(queue: TrainingQueue): Promise<void> {
  const calls = {
    add: queue.add(stubSpec('steady', { factors: 77 }), 'v'),
    find: queue.find(id),
    list: queue.list(),
    cancel: queue.cancel(id),
  }
  const pending = Symbol('pending')
  // All at once: a refusal that nobody waits for yet would end the process.
  await Promise.all(
    Object.entries(calls).map(([name, call]) => {
      const outcome = Promise.race([call, sleep(60_000, pending, { ref: false })])
      return assert.rejects(outcome, hasCode('queue-unavailable'), name)
    }),
  )
  assert.equal(await isReached(queue), false)
}

describe('while Redis is away', { concurrency: 3 }, () => {
  test('a queue that opens while Redis is away refuses, and works when Redis comes', async (t) => {
    const server = await startRedis()
    t.after(() => server.stop())
    await server.kill()
    const bench = await openBench(t, server.url)
    const { queue, startWorker } = bench
    await startWorker()
    await assertUnavailable(queue)

    await server.restart()
    await until(() => isReached(queue), 'Redis is reached')
    const job = await queued(queue.add(stubSpec('steady'), 'v'))
    assert.equal((await ended(queue, job.id)).state, 'completed')
  })

  test('a queue whose Redis is cut off refuses, and the first job after that completes', async (t) => {
    const server = await startRedis()
    t.after(() => server.stop())
    const bench = await openBench(t, server.url)
    const { queue, startWorker } = bench
    await startWorker()
    const before = await queued(queue.add(stubSpec('steady'), 'v'))
    await ended(queue, before.id)
    await server.kill()
    await assertUnavailable(queue)

    await server.restart()
    const backAt = Date.now()
    await until(() => isReached(queue), 'Redis is reached')
    const job = await queued(queue.add(stubSpec('steady'), 'v'))
    await eventOf(queue, job.id, ({ type }) => type === 'started')
    t.diagnostic(`a job was taken up ${Date.now() - backAt} ms after Redis was back`)
    assert.equal((await ended(queue, job.id)).state, 'completed')
    assert.equal((await queue.find(before.id))!.state, 'completed')
  })

  test('a queue whose Redis is frozen refuses, and works when Redis goes on', async (t) => {
    const server = await startRedis()
    t.after(() => server.stop())
    const bench = await openBench(t, server.url)
    const { queue, startWorker } = bench
    await queued(queue.add(stubSpec('steady'), 'v'))
    await server.kill('SIGSTOP')
    await assertUnavailable(queue)

    await server.kill('SIGCONT')
    await until(() => isReached(queue), 'Redis is reached')
    await startWorker()
    for (const { id } of (await queue.list()).jobs)
      assert.equal((await ended(queue, id)).state, 'completed')
  })

  test('a queue that opens while Redis is frozen refuses, and works when Redis goes on', async (t) => {
    const server = await startRedis()
    t.after(() => server.stop())
    await server.kill('SIGSTOP')
    const bench = await openBench(t, server.url)
    const { queue } = bench
    await assertUnavailable(queue)
    await server.kill('SIGCONT')
    await until(() => isReached(queue), 'Redis is reached')
    await queued(queue.add(stubSpec('steady'), 'v'))
  })

  test('a training outlives an outage that is shorter than its lock', async (t) => {
    const server = await startRedis()
    t.after(() => server.stop())
    const bench = await openBench(t, server.url)
    const { queue, startWorker } = bench
    await startWorker(30_000)
    const { id } = await queued(queue.add(stubSpec('steady', { epochs: 150 }), 'v'))
    await eventOf(queue, id, ({ type }) => type === 'epoch')
    await server.kill()
    await server.restart()
    await until(() => isReached(queue), 'Redis is reached')
    const job = await ended(queue, id)
    assert.deepEqual([job.state, job.attempts], ['completed', 1])
    assert.deepEqual(
      job.epochs.map(({ epoch }) => epoch),
      Array.from({ length: 150 }, (_, i) => i + 1),
    )
  })

  test('a training waits while Redis is full, longer than its lock, and goes on', async (t) => {
    const server = await startRedis()
    t.after(() => server.stop())
    const bench = await openBench(t, server.url)
    const { queue, startWorker, redis, keysOf } = bench
    await startWorker(1_000)
    const { id } = await queued(queue.add(stubSpec('steady', { epochs: 100 }), 'v'))
    await eventOf(queue, id, ({ type }) => type === 'epoch')
    await redis.config('SET', 'maxmemory', '1')
    // By then it is trained, and its lock would have expired.
    await sleep(5_000)
    assert.equal((await queue.find(id))!.state, 'running')
    assert.match((await queue.redis()).reasons.join(), /memory of Redis is full/)
    await redis.config('SET', 'maxmemory', '0')
    const job = await ended(queue, id)
    assert.deepEqual([job.state, job.attempts, job.error], ['completed', 1, null])
    assert.deepEqual(
      job.epochs.map(({ epoch }) => epoch),
      Array.from({ length: 100 }, (_, i) => i + 1),
    )
    assert.equal(await redis.exists(keysOf(id).lock), 0)
  })

  test('a training outlives an outage that is longer than its lock', async (t) => {
    const server = await startRedis()
    t.after(() => server.stop())
    const bench = await openBench(t, server.url)
    const { queue, startWorker } = bench
    await startWorker(1_000)
    const { id } = await queued(queue.add(stubSpec('steady', { epochs: 150 }), 'v'))
    await eventOf(queue, id, ({ type }) => type === 'epoch')
    await server.kill()
    await sleep(3_000)
    await server.restart()
    await until(() => isReached(queue), 'Redis is reached')
    const job = await ended(queue, id)
    t.diagnostic(`it took ${job.attempts} attempts`)
    assert.deepEqual([job.state, job.epochs.length], ['completed', 150])
  })

  test('a worker closes in time while Redis is away, with its training', async (t) => {
    const server = await startRedis()
    t.after(() => server.stop())
    const bench = await openBench(t, server.url)
    const { queue, startWorker } = bench
    const worker = await startWorker()
    const { id } = await queued(queue.add(stubSpec('steady', { epochs: 1_000 }), 'v'))
    await eventOf(queue, id, ({ type }) => type === 'epoch')
    await server.kill()
    const outcome = Promise.race([worker.close(500), sleep(60_000, 'pending', { ref: false })])
    assert.equal(await outcome, undefined)
    await until(() => trainingProcesses(bench).length === 0, 'the training is gone')
  })
})
