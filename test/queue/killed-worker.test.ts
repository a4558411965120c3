import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { startRedis, type TestRedis } from '../support/redis.ts'
import { endProcess, isAlive, startWorkerProcess, trainingProcesses } from './processes.ts'
import { eventOf, eventsToTheEnd, openBench, queued, until } from './queue-bench.ts'
import { stubSpec } from './stub-trainings.ts'

let server: TestRedis
before(async () => {
  server = await startRedis()
})
after(() => server.stop())

describe('a worker process that ends', { concurrency: 2 }, () => {
  test('when a worker is killed in mid-training, another one ends the job and one model is published', async (t) => {
    const bench = await openBench(t, server.url)
    const { queue, registry } = bench
    const { id } = await queued(queue.add(stubSpec('steady', { epochs: 200 }), 'v'))
    const first = await startWorkerProcess(bench)
    await eventOf(queue, id, ({ type }) => type === 'epoch')
    const orphans = trainingProcesses(bench)
    assert.equal(orphans.length, 1)

    const killedAt = Date.now()
    await endProcess(first, 'SIGKILL')
    const second = await startWorkerProcess(bench)
    const events = eventsToTheEnd(queue, id)
    await until(() => !orphans.some(isAlive), 'the process of the killed worker is gone')
    t.diagnostic(`its process was gone after ${Date.now() - killedAt} ms`)
    await eventOf(queue, id, ({ type, data }) => type === 'started' && data.attempt === 2)
    t.diagnostic(`the job was taken up again after ${Date.now() - killedAt} ms`)

    assert.equal((await events).filter(({ type }) => type === 'ended').length, 1)
    const job = (await queue.find(id))!
    assert.deepEqual([job.state, job.attempts, job.epochs.length], ['completed', 2, 200])
    const models = await registry.list()
    assert.deepEqual([models.length, models[0]!.jobId], [1, id])
    await until(() => trainingProcesses(bench).length === 0, 'the training process is gone')
    await endProcess(second, 'SIGTERM')
  })

  test('the process of a killed worker is gone within seconds even if it never listens', async (t) => {
    const bench = await openBench(t, server.url)
    const { queue } = bench
    const { id } = await queued(queue.add(stubSpec('blocks'), 'v'))
    const worker = await startWorkerProcess(bench)
    await eventOf(queue, id, ({ type, data }) => type === 'epoch' && data.epoch === 2)
    const orphans = trainingProcesses(bench)
    assert.equal(orphans.length, 1)
    await endProcess(worker, 'SIGKILL')
    await until(() => !orphans.some(isAlive), 'the process of the killed worker is gone')
    await queue.cancel(id)
  })

  test('a worker that is told to stop hands its training back and exits with 0', async (t) => {
    const bench = await openBench(t, server.url)
    const { queue } = bench
    const { id } = await queued(queue.add(stubSpec('steady', { epochs: 1_000 }), 'v'))
    const worker = await startWorkerProcess(bench)
    await eventOf(queue, id, ({ type }) => type === 'epoch')
    const processes = trainingProcesses(bench)
    assert.deepEqual(await endProcess(worker, 'SIGTERM'), [0, null])
    await until(() => !processes.some(isAlive), 'its training is gone')
    assert.equal((await queue.find(id))!.state, 'queued')
  })
})
