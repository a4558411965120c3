// Takes more than 15 s: some twenty trainings, each in a process of its own, which is what is
// tested; such a process is ready after a second of CPU time, most of it spent on loading modules.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, describe, test } from 'node:test'
import { queueName } from '../../src/queue/job-keys.ts'
import { createFileStore } from '../../src/storage/file-store.ts'
import { startRedis, type TestRedis } from '../support/redis.ts'
import { isAlive, trainingProcesses } from './processes.ts'
import {
  ended,
  eventOf,
  eventsToTheEnd,
  openBench,
  type QueueBench,
  queued,
  until,
} from './queue-bench.ts'
import { stubSpec } from './stub-trainings.ts'

let server: TestRedis
before(async () => {
  server = await startRedis()
})
after(() => server.stop())

const long = { epochs: 1_000 }

/** As if another worker had taken the job and had died. */
async function loseLock({ redis, keysOf }: QueueBench, id: string): Promise<void> {
  await redis.set(keysOf(id).lock, 'another', 'PX', 1_000)
}

describe('a training worker', { concurrency: 3 }, () => {
  test('a job is trained once, reports its epochs and names the model that it published', async (t) => {
    const bench = await openBench(t, server.url)
    const { queue, registry, startWorker } = bench
    const job = await queued(queue.add(stubSpec('steady'), 'v'))
    await startWorker()
    const events = await eventsToTheEnd(queue, job.id)
    assert.deepEqual(
      events.map(({ type }) => type),
      ['started', 'epoch', 'epoch', 'epoch', 'promotion', 'ended'],
    )
    const { state, attempts, epochs, model, error, startedAt, finishedAt } = (await queue.find(
      job.id,
    ))!
    assert.deepEqual([state, attempts, error], ['completed', 1, null])
    assert.deepEqual(
      epochs.map(({ epoch }) => epoch),
      [1, 2, 3],
    )
    assert.ok(job.createdAt <= startedAt! && startedAt! <= finishedAt!)
    assert.equal(model, await registry.current())
    assert.equal(await queue.cancel(job.id), 'finished')
  })

  test('each training has a process of its own that does not stay', async (t) => {
    const bench = await openBench(t, server.url)
    const { queue, startWorker } = bench
    await startWorker()
    const seen: number[] = []
    for (const factors of [1, 2]) {
      const { id } = await queued(queue.add(stubSpec('steady', { factors, epochs: 50 }), 'v'))
      await eventOf(queue, id, ({ type }) => type === 'epoch')
      seen.push(...trainingProcesses(bench))
      await ended(queue, id)
      await until(() => trainingProcesses(bench).length === 0, 'the process is gone')
    }
    assert.equal(new Set(seen).size, 2)
  })

  test('a fault is tried again, and the epochs are those of the attempt that counts', async (t) => {
    const bench = await openBench(t, server.url)
    const { queue, startWorker } = bench
    const { id } = await queued(queue.add(stubSpec('faultsOnce'), 'v'))
    await startWorker()
    const job = await ended(queue, id)
    assert.deepEqual(
      [job.state, job.attempts, job.epochs.length, job.error],
      ['completed', 2, 3, null],
    )
  })

  test('a fault that stays ends the job after its last attempt, with its sentence', async (t) => {
    const bench = await openBench(t, server.url)
    const { queue, registry, startWorker, folder } = bench
    const { id } = await queued(queue.add(stubSpec('alwaysFaults'), 'v'))
    const store = createFileStore(folder)
    await store.put(`checkpoints/${id}/v.safetensors`, [])
    await startWorker()
    const job = await ended(queue, id)
    assert.deepEqual([job.state, job.attempts], ['failed', 2])
    assert.deepEqual(job.error, { code: 'internal', detail: 'The disk is full.' })
    assert.equal(await registry.current(), null)
    await until(
      async () => (await store.list('checkpoints/')).length === 0,
      'its checkpoint is gone',
    )
  })

  test('a training that can never succeed is not tried again, and the same may be queued anew', async (t) => {
    const bench = await openBench(t, server.url)
    const { queue, startWorker } = bench
    await startWorker()
    for (const _ of ['first', 'second']) {
      const { id } = await queued(queue.add(stubSpec('hasNoRatings'), 'v'))
      const job = await ended(queue, id)
      assert.deepEqual([job.state, job.attempts], ['failed', 1])
      assert.deepEqual(job.error, { code: 'no-ratings', detail: 'There are no ratings.' })
    }
  })

  test('a running job is cancelled from elsewhere and its training stops', async (t) => {
    const bench = await openBench(t, server.url)
    const { queue, registry, startWorker } = bench
    const { id } = await queued(queue.add(stubSpec('steady', long), 'v'))
    await startWorker()
    await eventOf(queue, id, ({ type }) => type === 'epoch')
    assert.equal((await queue.find(id))!.state, 'running')
    assert.equal(await queue.cancel(id), 'cancelled')
    assert.equal((await queue.find(id))!.state, 'cancelled')
    await until(() => trainingProcesses(bench).length === 0, 'the training has stopped')

    const next = await queued(queue.add(stubSpec('steady'), 'v'))
    assert.equal((await ended(queue, next.id)).state, 'completed')
    assert.deepEqual(
      (await registry.list()).map(({ jobId }) => jobId),
      [next.id],
    )
    const ends = (await eventsToTheEnd(queue, id)).filter(({ type }) => type === 'ended')
    assert.deepEqual(
      ends.map(({ data }) => data),
      [{ state: 'cancelled' }],
    )
  })

  test('a job is cancelled while no worker has it, and none takes it up', async (t) => {
    const bench = await openBench(t, server.url)
    const { queue, startWorker, redis, prefix, folder } = bench
    const inState = async (state: string, id: string) =>
      (await redis.zscore(`${prefix}:${queueName}:${state}`, id)) !== null
    const cancelled = async (id: string) => {
      assert.equal(await queue.cancel(id), 'cancelled')
      const [end] = (await eventsToTheEnd(queue, id)).slice(-1)
      assert.deepEqual(end!.data, { state: 'cancelled' })
    }
    const first = await startWorker()
    const waitsForRetry = await queued(queue.add(stubSpec('alwaysFaults'), 'v'))
    await until(() => inState('delayed', waitsForRetry.id), 'it waits for its next attempt')
    await cancelled(waitsForRetry.id)

    const handedBack = await queued(queue.add(stubSpec('steady', long), 'v'))
    await eventOf(queue, handedBack.id, ({ type }) => type === 'epoch')
    await first.close(500)
    await cancelled(handedBack.id)

    await startWorker()
    for (const { id } of [waitsForRetry, handedBack])
      await until(() => inState('failed', id), 'a worker has laid it aside')
    for (const { state } of (await queue.list()).jobs) assert.equal(state, 'cancelled')
    const trainings = await readFile(`${folder}/trainings`, 'utf8')
    assert.equal(trainings.trim().split('\n').length, 2, 'each was begun once')
  })

  test('a cancelled training that does not listen is killed', async (t) => {
    const bench = await openBench(t, server.url)
    const { queue, startWorker } = bench
    const { id } = await queued(queue.add(stubSpec('blocks'), 'v'))
    await startWorker()
    await eventOf(queue, id, ({ type, data }) => type === 'epoch' && data.epoch === 2)
    await queue.cancel(id)
    await until(() => trainingProcesses(bench).length === 0, 'the training was killed')
    const next = await queued(queue.add(stubSpec('steady'), 'v'))
    assert.equal((await ended(queue, next.id)).state, 'completed')
  })

  test('a job whose process is killed is tried again, and the worker goes on', async (t) => {
    const bench = await openBench(t, server.url)
    const { queue, startWorker } = bench
    const { id } = await queued(queue.add(stubSpec('steady', { epochs: 150 }), 'v'))
    await startWorker()
    await eventOf(queue, id, ({ type }) => type === 'epoch')
    for (const pid of trainingProcesses(bench)) process.kill(pid, 'SIGKILL')
    const job = await ended(queue, id)
    assert.deepEqual([job.state, job.attempts, job.epochs.length], ['completed', 2, 150])
  })

  test('a job that gets further outlives any number of deaths', async (t) => {
    const bench = await openBench(t, server.url)
    const { queue, startWorker, redis, keysOf } = bench
    const { id } = await queued(queue.add(stubSpec('checkpoints', long), 'v'))
    await startWorker(1_000)
    const reached = async () => Number(await redis.get(keysOf(id).reached))
    const further = async (attempt: number) => {
      await eventOf(queue, id, ({ type, data }) => type === 'started' && data.attempt === attempt)
      const before = await reached()
      await until(async () => (await reached()) > before, 'the job got further')
    }
    // As often as would end it if either did not get further.
    const deaths = ['process', 'process', 'worker', 'worker', 'worker', 'worker']
    for (const [i, death] of deaths.entries()) {
      await further(i + 1)
      if (death === 'worker') await loseLock(bench, id)
      else for (const pid of trainingProcesses(bench)) process.kill(pid, 'SIGKILL')
    }
    await further(deaths.length + 1)
    assert.equal((await queue.find(id))!.state, 'running')
    await queue.cancel(id)
  })

  test('a job that ends its workers at the same point fails and says so', async (t) => {
    const bench = await openBench(t, server.url)
    const { queue, startWorker } = bench
    const { id } = await queued(queue.add(stubSpec('steady', long), 'v'))
    await startWorker(1_000)
    for (let attempt = 1; attempt <= 4; attempt++) {
      await eventOf(queue, id, ({ type, data }) => type === 'started' && data.attempt === attempt)
      await loseLock(bench, id)
    }
    const job = await ended(queue, id)
    assert.deepEqual([job.state, job.error?.code], ['failed', 'internal'])
    assert.match(job.error!.detail, /^Its workers died 4 times without the job getting further/)
  })

  test('a job whose process is killed in every attempt fails with a stable code', async (t) => {
    const bench = await openBench(t, server.url)
    const { queue, startWorker } = bench
    const { id } = await queued(queue.add(stubSpec('steady', long), 'v'))
    await startWorker()
    for (const attempt of [1, 2]) {
      await eventOf(queue, id, ({ type, data }) => type === 'started' && data.attempt === attempt)
      for (const pid of trainingProcesses(bench)) process.kill(pid, 'SIGKILL')
    }
    const job = await ended(queue, id)
    assert.deepEqual([job.state, job.error?.code], ['failed', 'internal'])
    assert.match(job.error!.detail, /SIGKILL/)
  })

  test('a worker that has lost its job ends its training, and the job is taken up again', async (t) => {
    const bench = await openBench(t, server.url)
    const { queue } = bench
    const { id } = await queued(queue.add(stubSpec('blocks'), 'v'))
    await bench.startWorker(1_000)
    await eventOf(queue, id, ({ type, data }) => type === 'epoch' && data.epoch === 2)
    const [lost] = trainingProcesses(bench)
    await loseLock(bench, id)
    await until(() => !isAlive(lost!), 'the training of the lost job is gone')
    await eventOf(queue, id, ({ type, data }) => type === 'started' && data.attempt === 2)
    await queue.cancel(id)
  })

  test('a worker that closes hands its training back, and that is no failed attempt', async (t) => {
    const bench = await openBench(t, server.url)
    const { queue, registry, startWorker, redis, prefix } = bench
    const { id } = await queued(queue.add(stubSpec('steady', { epochs: 200 }), 'v'))
    for (const attempt of [1, 2]) {
      const closing = await startWorker()
      await eventOf(queue, id, ({ type, data }) => type === 'started' && data.attempt === attempt)
      // What an idle worker waits for, and has taken by then.
      const marker = `${prefix}:${queueName}:marker`
      await redis.del(marker)
      await closing.close(500)
      assert.deepEqual(trainingProcesses(bench), [])
      assert.equal((await queue.find(id))!.state, 'queued')
      assert.equal(await redis.exists(marker), 1)
    }
    await startWorker()
    const job = await ended(queue, id)
    assert.deepEqual([job.state, job.attempts, job.error], ['completed', 3, null])
    assert.equal((await registry.list()).length, 1)
  })

  test('a training that is handed back has been kept up to then', async (t) => {
    const bench = await openBench(t, server.url)
    const { queue, startWorker, redis, keysOf } = bench
    const { id } = await queued(queue.add(stubSpec('steady', long), 'v'))
    const worker = await startWorker()
    await eventOf(queue, id, ({ type }) => type === 'epoch')
    assert.equal(await redis.get(keysOf(id).reached), null)
    await worker.close(4_000)
    assert.ok(Number(await redis.get(keysOf(id).reached)) > 0)
    assert.equal((await queue.find(id))!.state, 'queued')
  })

  test('a worker that closes lets a training end that can end in time', async (t) => {
    const bench = await openBench(t, server.url)
    const { queue, startWorker } = bench
    const { id } = await queued(queue.add(stubSpec('steady', { epochs: 20 }), 'v'))
    const worker = await startWorker()
    await eventOf(queue, id, ({ type }) => type === 'epoch')
    await worker.close(20_000)
    const job = (await queue.find(id))!
    assert.deepEqual([job.state, job.attempts], ['completed', 1])
  })
})
