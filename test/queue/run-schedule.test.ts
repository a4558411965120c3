import assert from 'node:assert/strict'
import { after, before, type TestContext, test } from 'node:test'
import { Queue } from 'bullmq'
import { Redis } from 'ioredis'
import { createJobRecords } from '../../src/queue/producer/job-records.ts'
import type { Verdict } from '../../src/queue/schedules/judge.ts'
import { type RunTools, runSchedule } from '../../src/queue/schedules/run-schedule.ts'
import { createRuns } from '../../src/queue/schedules/runs.ts'
import { findKept, openTickQueue } from '../../src/queue/schedules/schedule-queue.ts'
import { startRedis, type TestRedis } from '../support/redis.ts'
import { queued } from './queue-bench.ts'
import { everySeconds, openScheduleBench, quickTraining } from './schedule-bench.ts'
import { stubSpec } from './stub-trainings.ts'

let server: TestRedis
let redis: Redis
before(async () => {
  server = await startRedis()
  redis = new Redis(server.url, { maxRetriesPerRequest: null })
})
after(async () => {
  redis.disconnect()
  await server.stop()
})

const due: Verdict = { outcome: 'queued', reason: 'new-ratings', detail: '', dataVersion: 'v' }

/** A schedule, kept, and a tick of it as a worker runs it. */
async function openTick(t: TestContext, training: Record<string, unknown> = quickTraining) {
  const bench = await openScheduleBench(t, server.url)
  const { prefix, schedules } = bench
  await schedules.put('s', everySeconds(3_600, { training }))
  const { kept } = (await findKept(openTickQueue(redis, prefix), 's'))!
  const queue = new Queue('training', { connection: redis, prefix })
  const records = createJobRecords(queue, redis, prefix)
  const tools: RunTools = { queue, records, runs: createRuns(redis, prefix), attempts: 1 }
  const occasion = (tick: number) => {
    const dueAt = new Date(tick).toISOString()
    return { tick: `${tick}`, dueAt, by: 'schedule' as const }
  }
  const run = (tick: number, verdict: Partial<Verdict> = {}, using = tools) =>
    runSchedule(kept, occasion(tick), async () => ({ ...due, ...verdict }), using)
  const runs = async () => (await schedules.find('s')).runs
  return { ...bench, kept, tools, run, runs }
}

test('a tick that many run at once makes one job and is recorded once', async (t) => {
  const { queue, run, runs } = await openTick(t)
  const all = await Promise.all(Array.from({ length: 20 }, () => run(1_000)))
  const { jobs } = await queue.list()
  assert.equal(jobs.length, 1)
  assert.deepEqual(new Set(all.map(({ job }) => job)), new Set([jobs[0]!.id]))
  assert.equal(jobs[0]!.schedule, 's')
  assert.deepEqual(
    (await runs()).map(({ outcome, job }) => [outcome, job]),
    [['queued', jobs[0]!.id]],
  )
})

test('whoever is killed at any step of a tick leaves it to another one, and one job', async (t) => {
  for (const step of ['announce', 'record'] as const)
    for (const isDone of [false, true]) {
      const { queue, tools, run, runs } = await openTick(t)
      const killed = async (...given: Parameters<(typeof tools.runs)[typeof step]>) => {
        if (isDone) await (tools.runs[step] as (...given: unknown[]) => Promise<void>)(...given)
        throw new Error('killed')
      }
      const dying = { ...tools, runs: { ...tools.runs, [step]: killed } }
      await assert.rejects(run(1_000, {}, dying), /killed/)
      // The other one finds that nothing is due any more.
      const again = { reason: 'too-few-ratings', outcome: 'skipped' } as const
      const isQueued = step === 'record'
      const { outcome, reason, job } = await run(1_000, isQueued ? again : {})
      assert.deepEqual([outcome, reason], ['queued', 'new-ratings'])
      assert.deepEqual(
        (await queue.list()).jobs.map(({ id }) => id),
        [job],
      )
      assert.deepEqual(
        (await runs()).map(({ reason, job }) => [reason, job]),
        [['new-ratings', job]],
      )
    }
})

test('while a training of the schedule has not ended, its ticks are skipped', async (t) => {
  const { queue, run, runs } = await openTick(t)
  const { job } = await run(1_000)
  const skipped = await run(2_000, { dataVersion: 'w' })
  assert.deepEqual([skipped.reason, skipped.job], ['unfinished-job', job])
  await queue.cancel(job!)
  const next = await run(3_000, { dataVersion: 'w' })
  assert.equal(next.outcome, 'queued')
  assert.notEqual(next.job, job)
  assert.deepEqual(
    (await runs()).map(({ reason }) => reason),
    ['new-ratings', 'unfinished-job', 'new-ratings'],
  )
})

test('where somebody asked for the same training, it is that one', async (t) => {
  const { queue, run } = await openTick(t, { ...stubSpec('steady') })
  const { id } = await queued(queue.add(stubSpec('steady'), 'v'))
  const { reason, job } = await run(1_000)
  assert.deepEqual([reason, job], ['identical-job', id])
  assert.equal((await queue.list()).jobs.length, 1)
  assert.equal((await run(2_000)).reason, 'unfinished-job')
})

test('what a release before took and this one does not is skipped and says so', async (t) => {
  const { run } = await openTick(t, { algorithm: 'dot-bias', epochs: -1 })
  const { reason, detail } = await run(1_000)
  assert.equal(reason, 'invalid-training')
  assert.match(detail, /epochs/)
})

test('of a schedule that is gone nothing is kept, and one of its name begins anew', async (t) => {
  const { prefix, kept, schedules, run, runs } = await openTick(t)
  await run(1_000)
  await schedules.remove('s')
  await run(2_000, { outcome: 'skipped', reason: 'too-few-ratings' })
  assert.deepEqual(await redis.keys(`${prefix}:schedule:*:runs`), [])
  assert.deepEqual(await redis.keys(`${prefix}:schedules:repeat*`), [])
  await schedules.put('s', everySeconds(3_600))
  assert.deepEqual(await runs(), [])
  assert.notEqual((await schedules.find('s')).id, kept.id)
})

test('the newest twenty runs are kept', async (t) => {
  const { run, runs } = await openTick(t)
  for (let tick = 1; tick <= 25; tick++)
    await run(tick * 1_000, { outcome: 'skipped', reason: 'too-few-ratings' })
  const ticks = (await runs()).map(({ dueAt }) => Date.parse(dueAt) / 1_000)
  assert.deepEqual(
    ticks,
    Array.from({ length: 20 }, (_, i) => 25 - i),
  )
})
