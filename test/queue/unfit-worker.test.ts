// Takes more than 15 s: a worker that lacks an engine looks again every five seconds.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { EngineReport } from '../../src/model/engine-report.ts'
import { tuningSpecSchema } from '../../src/model/spec/tuning-spec.ts'
import { queueName } from '../../src/queue/job-keys.ts'
import { partId } from '../../src/queue/job-part.ts'
import { redisOfFile } from '../support/redis.ts'
import { ended, mostWaitMs, openBench, queued, until } from './queue-bench.ts'
import { manners, stubSpec } from './stub-trainings.ts'

const { server } = await redisOfFile()

function engines(isAvailable: boolean): EngineReport {
  const reason = isAvailable ? null : 'There is no GPU.'
  const webgpu = { engine: 'webgpu', backend: 'webgpu', device: null, isSoftware: false }
  const engine = { ...webgpu, isAvailable, reason }
  return { host: 'test', checkedAt: new Date().toISOString(), engines: [engine], auto: [] }
}

test('a training and a tuning wait for a worker that has their engine, and say so', async (t) => {
  const { queue, startWorker } = await openBench(t, server.url)
  const training = { ...stubSpec('steady', { epochs: 1 }), engine: 'webgpu' } as const
  const tuning = tuningSpecSchema.parse({
    ...{ kind: 'tune', algorithm: 'dot-bias', engine: 'webgpu', trials: 2, seed: manners.steady },
    ...{ space: { epochs: [1], weightDecay: [0.1, 0.2] }, split: { valid: 0 } },
  })
  const ids = [
    (await queued(queue.add(training, 'v'))).id,
    (await queued(queue.add(tuning, 'v'))).id,
  ]
  const other = await queued(queue.add(stubSpec('steady'), 'v'))
  const unfit = await startWorker(2_000, engines(false))
  // What any worker can do is done meanwhile.
  assert.equal((await ended(queue, other.id)).state, 'completed')
  const step = 'waiting for a worker that has engine webgpu'
  for (const id of ids)
    await until(async () => (await queue.find(id))!.progress.step === step, `job ${id} waits`)
  await until(async () => {
    const { state, attempts } = (await queue.find(ids[0]!))!
    return state === 'queued' && attempts === 0
  }, 'the training counts as not taken up')

  // It would take the half of them again, each for five seconds.
  await unfit.close(1_000)
  await startWorker(2_000, engines(true))
  for (const id of ids) {
    const { state, error } = await ended(queue, id)
    assert.deepEqual([state, error], ['completed', null])
  }
})

test('a job waits for a worker of its kind; where none is there, it and health say so', async (t) => {
  const { queue, startWorker } = await openBench(t, server.url)
  const { id, progress } = await queued(queue.add(stubSpec('steady'), 'v'))
  const untaken = 'No worker that is running takes jobs of kind train'
  assert.deepEqual([progress.step, await queue.untaken()], [untaken, [`${untaken}: 1 wait.`]])
  const other = await startWorker(2_000, undefined, { kinds: ['tune', 'erase'] })
  const told = 'waiting for a worker that takes jobs of kind train'
  const follow = async () => {
    for await (const event of queue.events(id, { signal: AbortSignal.timeout(mostWaitMs) }))
      if (event.type === 'progress' && event.data.step === told) return event.data.phase
    return null
  }
  assert.equal(await follow(), 'queued')
  assert.equal((await queue.find(id))!.progress.step, untaken)
  await startWorker(2_000, undefined, { kinds: ['train'] })
  await until(async () => (await queue.untaken()).length === 0, 'there is a worker of its kind')
  // It would take the job again and again.
  await other.close(1_000)
  assert.equal((await ended(queue, id)).state, 'completed')
})

test('what waits is counted without a look at what it is, once for all who ask meanwhile', async (t) => {
  const { queue, redis, keysOf, prefix } = await openBench(t, server.url)
  const { id } = await queued(queue.add(stubSpec('steady'), 'v'))
  await redis.hdel(keysOf(id).job, 'data')
  const part = partId({ of: id, part: '1' })
  await redis.zadd(`${prefix}:${queueName}:prioritized`, 1, part)
  const [one, other] = await Promise.all([queue.untaken(), queue.untaken()])
  assert.deepEqual(one, ['No worker that is running takes jobs of kind train: 2 wait.'])
  assert.equal(other, one)
})

test('a worker does so many jobs at once as it is told, and ends each by itself', async (t) => {
  const { queue, startWorker } = await openBench(t, server.url)
  const stuck = await queued(queue.add(stubSpec('blocks'), 'v'))
  const steady = await queued(queue.add(stubSpec('steady', { epochs: 150 }), 'v'))
  const more = await queued(queue.add(stubSpec('steady', { factors: 2 }), 'v'))
  await startWorker(2_000, undefined, { concurrency: 2 })
  const states = async () => (await queue.list()).jobs.map(({ state }) => state).toReversed()
  await until(async () => (await states())[1] === 'running', 'the second job runs')
  assert.deepEqual(await states(), ['running', 'running', 'queued'])
  assert.deepEqual(
    (await queue.workers()).map(({ concurrency }) => concurrency),
    [2],
  )
  assert.equal(await queue.cancel(stuck.id), 'cancelled')
  assert.equal((await ended(queue, steady.id)).state, 'completed')
  assert.equal((await ended(queue, more.id)).state, 'completed')
})

test('a job that waits for a worker can be cancelled', async (t) => {
  const { queue, startWorker, redis, keysOf } = await openBench(t, server.url)
  const training = { ...stubSpec('steady'), engine: 'webgpu' } as const
  const { id } = await queued(queue.add(training, 'v'))
  await startWorker(2_000, engines(false))
  await until(async () => (await queue.find(id))!.progress.step !== null, 'it waits')
  assert.equal(await queue.cancel(id), 'cancelled')
  assert.equal((await queue.find(id))!.state, 'cancelled')
  await until(async () => (await redis.hexists(keysOf(id).job, 'finishedOn')) === 1, 'it is over')
})
