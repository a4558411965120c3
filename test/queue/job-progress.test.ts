import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type JobProgress, jobPhases, jobProgressSchema } from '../../src/model/progress.ts'
import type { KeptEvent } from '../../src/queue/job-events-store.ts'
import { jobKeys } from '../../src/queue/job-keys.ts'
import { readProgress, writeProgress } from '../../src/queue/job-progress.ts'
import { followEvents } from '../../src/queue/producer/follow-events.ts'
import type { FollowedJob } from '../../src/queue/producer/job-follower.ts'
import { newJobId } from '../../src/queue/producer/job-identity.ts'
import { createJobMeter, type ToldProgress } from '../../src/queue/worker/progress/job-meter.ts'
import { jobRates } from '../../src/queue/worker/progress/job-rates.ts'
import { createProgressTeller } from '../../src/queue/worker/progress/progress-teller.ts'
import { redisOfFile } from '../support/redis.ts'
import { mostWaitMs, openBench, queued, until } from './queue-bench.ts'
import { stubSpec } from './stub-trainings.ts'

const { server, redis } = await redisOfFile()

const worker = { name: 'host-7-abc', host: 'host', pid: 7 }
const told: ToldProgress = {
  ...{ phase: 'ranking', step: 'factors', work: null, share: 0.5 },
  ...{ elapsedSeconds: 50, secondsLeft: 50, stepSecondsLeft: 20, engine: 'simd', device: 'CPU' },
  ...{ ratingsPerSecond: 1_000_000, residentBytes: 100_000_000 },
}

test('a job that waits has its place in the queue; one that runs its phase and its worker', async (t) => {
  const { queue, startWorker } = await openBench(t, server.url)
  const jobs = []
  for (const factors of [1, 2, 3])
    jobs.push(await queued(queue.add(stubSpec('steady', { factors, epochs: 200 }), 'v')))
  const places = async () =>
    (await queue.list()).jobs.map(({ progress }) => progress.place).toReversed()
  assert.deepEqual(
    jobs.map(({ progress }) => progress.place),
    [1, 2, 3],
  )
  assert.deepEqual(await places(), [1, 2, 3])
  await startWorker()
  const { id } = jobs[0]!
  await until(async () => (await queue.find(id))!.state === 'running', 'the first one runs')
  assert.deepEqual((await places()).slice(1), [1, 2])
  const shares: number[] = []
  const phases: string[] = []
  const signal = AbortSignal.timeout(mostWaitMs)
  for await (const { type, data } of queue.events(id, { signal })) {
    if (type !== 'progress') continue
    assert.deepEqual(jobProgressSchema.parse(data), data)
    shares.push(data.share)
    if (data.phase !== phases.at(-1)) phases.push(data.phase)
    if (data.share < 1) assert.equal(data.worker!.pid, process.pid)
  }
  assert.deepEqual(
    shares,
    shares.toSorted((a, b) => a - b),
  )
  assert.equal(shares.at(-1), 1)
  const order = phases.map((phase) => jobPhases.indexOf(phase as JobProgress['phase']))
  assert.deepEqual(
    order,
    order.toSorted((a, b) => a - b),
  )
  const { progress } = (await queue.find(id))!
  assert.deepEqual([progress.phase, progress.secondsLeft], ['publishing', 0])
  for (const job of jobs.slice(1)) await queue.cancel(job.id)
})

test('while a job runs, its progress is told once a second, whether it changes or not', async () => {
  let seconds = 0
  const progress = jobProgressSchema.parse({
    ...{ phase: 'measuring', step: 'lists', work: null, place: null, share: 0.5, secondsLeft: 9 },
    ...{ worker, engine: null, device: null, at: null },
  })
  const end: KeptEvent = { id: '1-0', type: 'ended', data: { state: 'completed' } }
  const job: { -readonly [Key in keyof FollowedJob]: FollowedJob[Key] } = {
    ...{ events: [], progress, isOver: false, error: null, looks: 0 },
    async look() {
      job.looks += 1
      seconds += 0.3
      if (job.looks < 12) return
      Object.assign(job, { events: [end], isOver: true })
      job.progress = { ...progress, share: 1, secondsLeft: 0 }
    },
  }
  const follower = { follow: () => ({ job, leave() {} }) }
  const { signal } = new AbortController()
  const options = { signal, now: () => 1_000 * seconds }
  const times: number[] = []
  const types: string[] = []
  for await (const { type } of followEvents(follower, 'job', options)) {
    types.push(type)
    if (type === 'progress') times.push(seconds)
  }
  const gaps = times.slice(1).map((time, i) => time - times[i]!)
  assert.ok(Math.max(...gaps) <= 1, `${gaps}`)
  assert.ok(times.length >= Math.floor(seconds), `${times.length} in ${seconds} s`)
  assert.deepEqual(types.slice(-2), ['progress', 'ended'])
})

test('what a child said last goes on by the clock, as far as its step was to take', () => {
  let seconds = 0
  const teller = createProgressTeller(worker, () => 1_000 * seconds)
  assert.deepEqual(
    [teller.now().phase, teller.now().share, teller.now().secondsLeft],
    ['loading', 0, null],
  )
  teller.hear(told)
  const shares: number[] = []
  for (const [passed, left] of [
    [0, 50],
    [10, 40],
    [100, 50 - 0.95 * 20],
  ] as const) {
    seconds = passed
    const now = teller.now()
    assert.equal(now.secondsLeft, left)
    shares.push(now.share)
  }
  // The child has slowed down: what is left grows, the share stays.
  teller.hear({ ...told, share: 0.4, secondsLeft: 400 })
  shares.push(teller.now().share)
  assert.deepEqual(
    shares,
    shares.toSorted((a, b) => a - b),
  )
  assert.deepEqual([teller.now().engine, teller.now().device], ['simd', 'CPU'])
  const now = teller.now()
  assert.deepEqual(jobProgressSchema.parse(now), now)
})

test('a child tells each step at once, and else four times a second', () => {
  let seconds = 0
  const heard: ToldProgress[] = []
  const { meter, onEngine } = createJobMeter(
    {},
    (progress) => heard.push(progress),
    () => 1_000 * seconds,
  )
  meter.begin('load')
  for (let i = 1; i <= 100; i++) {
    seconds = i / 100
    meter.advance(i / 100)
  }
  assert.ok(heard.length >= 4 && heard.length <= 5, `${heard.length}`)
  onEngine({ name: 'simd', device: 'CPU' })
  meter.begin('epochs')
  const { step, engine } = heard.at(-1)!
  assert.deepEqual([step, engine], ['epochs', 'simd'])
})

test('only the worker that has the job says how far it is', async () => {
  const keys = jobKeys('test', newJobId())
  await redis.set(keys.lock, 'token')
  const progress = createProgressTeller(worker).now()
  await writeProgress(redis, keys, 'another', progress)
  assert.equal(await readProgress(redis, keys), null)
  await writeProgress(redis, keys, 'token', progress)
  assert.deepEqual(await readProgress(redis, keys), progress)
  await redis.set(keys.progress, '{"phase":"dreaming"}')
  assert.equal(await readProgress(redis, keys), null)
})

test('a machine remembers the rates of its jobs, the newest weighing as much as all before', async () => {
  const rates = jobRates(redis, 'rates', 'host')
  assert.deepEqual(await rates.load(), {})
  await rates.keep({ load: 1, epochs: 2 })
  await rates.keep({ epochs: 4 })
  assert.deepEqual(await rates.load(), { load: 1, epochs: 3 })
  assert.deepEqual(await jobRates(redis, 'rates', 'another').load(), {})
})
