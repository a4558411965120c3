import { randomBytes } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { Queue } from 'bullmq'
import { MarqueeError } from '../../errors.ts'
import { firstAnswer, openProducerConnection } from '../../redis/connections.ts'
import { queueName } from '../job-keys.ts'
import type { Payload } from '../job-request.ts'
import { answerInTime } from '../producer/answer-in-time.ts'
import { createJobRecords } from '../producer/job-records.ts'
import type { TrainingQueueOptions } from '../producer/training-queue.ts'
import { runSchedule } from './run-schedule.ts'
import { createRuns } from './runs.ts'
import type { KeptSchedule, Run, Schedule, ScheduleState } from './schedule.ts'
import { findKept, keep, openTickQueue } from './schedule-queue.ts'

/** There may be so many schedules. */
export const mostSchedules = 100

/**
 * The schedules as the server sees them. Every call answers within seconds: with a
 * `queue-unavailable` error when Redis does not.
 */
export type Schedules = {
  /**
   * Puts a schedule in place of what had its name. The same one again changes nothing, so that no tick
   * is lost; a `too-many-schedules` error where there are 100 others.
   */
  put(name: string, schedule: Schedule): Promise<{ isNew: boolean; state: ScheduleState }>
  /** The schedule, or an `unknown-schedule` error. */
  find(name: string): Promise<ScheduleState>
  /** All of them, by name. */
  list(): Promise<ScheduleState[]>
  /** Ends a schedule, not its jobs; an `unknown-schedule` error where there is none. */
  remove(name: string): Promise<void>
  /** Runs it at once, whatever there is; `unknown-schedule` where there is none. */
  run(name: string, dataVersion: string): Promise<Run>
  close(): Promise<void>
}

/** Opens the schedules; they open, too, when Redis is away, and work as soon as Redis is there. */
export async function openSchedules(options: TrainingQueueOptions): Promise<Schedules> {
  const { prefix, attempts } = options
  const quiet = options.logger.child({}, { level: 'error' })
  const redis = openProducerConnection(options, quiet)
  const ticks = openTickQueue(redis, prefix)
  const lenient = { skipWaitingForReady: true, skipVersionCheck: true, skipMetasUpdate: true }
  const queue = new Queue<Payload>(queueName, { connection: redis, prefix, ...lenient })
  queue.on('error', () => {})
  const records = createJobRecords(queue, redis, prefix)
  const runs = createRuns(redis, prefix)
  await firstAnswer(redis)

  const stateOf = async (kept: KeptSchedule, next: number | null): Promise<ScheduleState> => ({
    ...kept,
    nextTick: next === null ? null : new Date(next).toISOString(),
    runs: await runs.list(kept),
  })
  const known = async (name: string) => {
    const found = await findKept(ticks, name)
    if (found) return found
    throw new MarqueeError('unknown-schedule', `There is no schedule ${JSON.stringify(name)}.`)
  }
  const find = async (name: string) => {
    const { kept, next } = await known(name)
    return stateOf(kept, next)
  }
  const put = async (name: string, schedule: Schedule) => {
    const old = await findKept(ticks, name)
    if (old && isDeepStrictEqual(old.kept.schedule, schedule))
      return { isNew: false, state: await stateOf(old.kept, old.next) }
    if (!old && (await ticks.getJobSchedulersCount()) >= mostSchedules)
      throw new MarqueeError(
        'too-many-schedules',
        `There are ${mostSchedules} schedules already: delete one first.`,
      )
    const now = new Date().toISOString()
    const { id, createdAt } = old?.kept ?? { id: randomBytes(12).toString('hex'), createdAt: now }
    await keep(ticks, { name, id, createdAt, changedAt: now, schedule })
    return { isNew: !old, state: await find(name) }
  }
  const list = async () => {
    const all = await ticks.getJobSchedulers(0, -1, true)
    const states = all.flatMap(({ template, next }) =>
      template?.data ? [stateOf(template.data as KeptSchedule, next ?? null)] : [],
    )
    return (await Promise.all(states)).sort((a, b) => (a.name < b.name ? -1 : 1))
  }
  const remove = async (name: string) => {
    const { kept } = await known(name)
    await ticks.removeJobScheduler(name)
    await runs.forget(kept)
  }
  const run = async (name: string, dataVersion: string) => {
    const { kept } = await known(name)
    const tick = `asked-${randomBytes(8).toString('hex')}`
    const verdict = { outcome: 'queued', reason: 'asked', dataVersion } as const
    const detail = 'It was asked for.'
    return runSchedule(
      kept,
      { tick, dueAt: new Date().toISOString(), by: 'request' },
      async () => ({ ...verdict, detail }),
      { queue, records, runs, attempts },
    )
  }

  return {
    put: (name, schedule) => answerInTime(put(name, schedule)),
    find: (name) => answerInTime(find(name)),
    list: () => answerInTime(list()),
    remove: (name) => answerInTime(remove(name)),
    run: (name, dataVersion) => answerInTime(run(name, dataVersion)),
    async close() {
      redis.disconnect()
      await Promise.all([ticks.close().catch(() => {}), queue.close().catch(() => {})])
    },
  }
}
