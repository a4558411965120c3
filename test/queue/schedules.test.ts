// Takes more than 10 s: three processes, and ticks a second apart.
import assert from 'node:assert/strict'
import type { ChildProcess } from 'node:child_process'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { Run } from '../../src/queue/schedules/schedule.ts'
import { startRedis, type TestRedis } from '../support/redis.ts'
import { endProcess, startWorkerProcess } from './processes.ts'
import { until } from './queue-bench.ts'
import { everySeconds, openScheduleBench } from './schedule-bench.ts'

let server: TestRedis
before(async () => {
  server = await startRedis()
})
after(() => server.stop())

const clock = fileURLToPath(new URL('../support/moved-clock.mjs', import.meta.url))
const work = { file: './tick-process.ts', env: { NODE_OPTIONS: `--import=${clock}` } }
const hour = 3_600_000

test('several workers, a Redis that is killed, a worker that is killed and a clock that is moved make one run of each tick', async (t) => {
  const bench = await openScheduleBench(t, server.url)
  const { schedules, queue, rate } = bench
  await rate(30)
  await schedules.put('each-second', everySeconds(1))
  await schedules.put('each-hour', everySeconds(3_600, { minNewRatings: 1_000_000 }))
  const firstHour = (await schedules.find('each-hour')).nextTick!

  /** Every run that there was, by tick: of more than twenty, too. */
  const seen = new Map<string, Run>()
  const look = async () => {
    const { runs } = await schedules.find('each-second').catch(() => ({ runs: [] as Run[] }))
    assert.equal(new Set(runs.map(({ dueAt }) => dueAt)).size, runs.length)
    for (const run of runs) {
      assert.deepEqual(seen.get(run.dueAt) ?? run, run)
      seen.set(run.dueAt, run)
      // So that the next tick queues one, too.
      if (run.job) await queue.cancel(run.job).catch(() => {})
    }
    return seen.size
  }
  const moreTicks = async (count: number, when: string) => {
    const before = await look()
    await until(async () => (await look()) >= before + count, `there are ${count} ticks ${when}`)
  }

  const workers = await Promise.all([1, 2, 3].map(() => startWorkerProcess(bench, work)))
  const [first, second, third] = workers as [ChildProcess, ChildProcess, ChildProcess]
  await moreTicks(2, 'of three workers')
  await server.restart()
  await moreTicks(2, 'after Redis was killed')
  await endProcess(first, 'SIGKILL')
  await moreTicks(2, 'after a worker was killed')
  const before = new Set(seen.keys())
  second.kill('SIGUSR2')
  await until(async () => {
    await look()
    return [...seen.keys()].some((tick) => Date.parse(tick) > Date.now() + hour / 2)
  }, 'the clock is moved')
  // The one whose clock is right does nothing until it is that time.
  await moreTicks(2, 'of two workers whose clocks differ')
  await Promise.all([endProcess(second, 'SIGKILL'), endProcess(third, 'SIGKILL')])
  await look()

  const ticks = [...seen.keys()].map(Date.parse).sort((a, b) => a - b)
  // All on the grid, and none of the hour that was left out but one.
  assert.deepEqual(new Set(ticks.map((tick) => tick % 1_000)).size, 1)
  const leftOut = ticks.filter((tick, i) => tick - ticks[i - 1]! > hour / 2)
  assert.equal(leftOut.length, 1)
  assert.ok([...before].every((tick) => Date.parse(tick) < leftOut[0]!))

  // A job for each run that queued one, and no other.
  const made = [...seen.values()]
    .filter(({ outcome }) => outcome === 'queued')
    .map(({ job }) => job)
  const jobs = (await queue.list({ limit: 1_000 })).jobs.map(({ id }) => id)
  assert.deepEqual(
    made.filter((job) => !jobs.includes(job!)),
    [],
  )
  assert.equal(new Set(made).size, made.length)
  // The workers that were killed last may have been between queueing one and recording its run.
  assert.ok(jobs.length <= made.length + 1)
  assert.ok(jobs.length > 1)
  t.diagnostic(`${ticks.length} ticks, ${jobs.length} trainings`)

  const hourly = await schedules.find('each-hour')
  assert.deepEqual(
    hourly.runs.map(({ dueAt }) => dueAt),
    [firstHour],
  )
  assert.equal(hourly.nextTick, new Date(Date.parse(firstHour) + hour).toISOString())
})
