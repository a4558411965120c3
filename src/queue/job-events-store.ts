import type { Redis } from 'ioredis'
import type { EpochReport } from '../model/epoch-report.ts'
import type { JobProgress } from '../model/progress.ts'
import type { Promotion } from '../model/promotion.ts'
import type { LearningRatePoint } from '../model/spec/learning-rate-search.ts'
import type { Trial } from '../model/spec/trial.ts'
import { expirySeconds, type JobKeys } from './job-keys.ts'

/**
 * An event of a job; ids grow. `started` begins a new attempt, or the same one anew on another
 * engine, so what was before it no longer counts; the trials that were finished come again. The
 * last event of a job says how it ended. `progress` is told as it is now, has no id and is not kept.
 */
export type JobEvent = KeptEvent | { id: null; type: 'progress'; data: JobProgress }

/** An event that whoever comes later is told, too. */
export type KeptEvent = { id: string } & (
  | { type: 'started'; data: { attempt: number } }
  | { type: 'epoch'; data: EpochReport }
  | { type: 'point'; data: LearningRatePoint }
  | { type: 'trial'; data: Trial }
  | { type: 'promotion'; data: Promotion }
  | { type: 'ended'; data: { state: 'completed' | 'failed' | 'cancelled' } }
)

/** The last event of a job is written by whoever sees first that it has ended, and once only. */
const endScript = `
  local last = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1]
  if last and last[2][2] == 'ended' then return end
  redis.call('XADD', KEYS[1], '*', 'type', 'ended', 'data', ARGV[1])
  redis.call('EXPIRE', KEYS[1], ARGV[2])`

/**
 * Not while the worker that has it publishes, and not once it has ended or somebody was told that.
 * Where that worker has lost it, the next one begins anew, unless the model is there by then.
 */
const cancelScript = `
  if redis.call('EXISTS', KEYS[2]) == 1 then return 1 end
  if redis.call('HEXISTS', KEYS[5], 'finishedOn') == 1 then return 0 end
  local publishing = redis.call('GET', KEYS[3])
  if publishing and publishing == redis.call('GET', KEYS[4]) then return 0 end
  local last = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1]
  if last and last[2][2] == 'ended' then return 0 end
  redis.call('SET', KEYS[2], ARGV[3], 'EX', ARGV[2])
  redis.call('XADD', KEYS[1], '*', 'type', 'ended', 'data', ARGV[1])
  redis.call('EXPIRE', KEYS[1], ARGV[2])
  return 1`

type EndState = Extract<KeptEvent, { type: 'ended' }>['data']['state']

/** The job's events after the one with the given id, or all of them. */
export async function readEvents(redis: Redis, keys: JobKeys, after = '0'): Promise<KeptEvent[]> {
  return (await redis.xrange(keys.events, `(${after}`, '+')).map(readEvent)
}

/** Of each of some jobs, in one question, the events after the one with the id of the same place. */
export async function readNewEvents(
  redis: Redis,
  jobs: readonly JobKeys[],
  after: readonly (string | undefined)[],
): Promise<KeptEvent[][]> {
  const names = jobs.map(({ events }) => events)
  const ids = after.map((id) => id ?? '0')
  const found = new Map((await redis.xread('STREAMS', ...names, ...ids)) ?? [])
  return names.map((name) => (found.get(name) ?? []).map(readEvent))
}

/** Whether an event comes after another: ids are `milliseconds-number`, and 9-9 comes before 9-10. */
export function isLater(id: string, other: string): boolean {
  const [time = 0, count = 0] = id.split('-').map(Number)
  const [otherTime = 0, otherCount = 0] = other.split('-').map(Number)
  return time > otherTime || (time === otherTime && count > otherCount)
}

function readEvent([id, [, type, , data]]: [id: string, fields: string[]]): KeptEvent {
  return { id, type, data: JSON.parse(data!) } as KeptEvent
}

/** The finished trials of a tuning, in the order they ended; none for any other job. */
export async function readTrials(redis: Redis, keys: JobKeys): Promise<Trial[]> {
  const trials = await redis.lrange(keys.trials, 0, -1)
  return trials.map((trial) => JSON.parse(trial) as Trial)
}

/** Makes the job's events end with how it ended; nothing happens when they do. */
export async function writeEnd(redis: Redis, keys: JobKeys, state: EndState): Promise<void> {
  await redis.eval(endScript, 1, keys.events, JSON.stringify({ state }), expirySeconds)
}

/** Marks the job as cancelled, for good; false when it is too late for that. */
export async function markCancelled(redis: Redis, keys: JobKeys): Promise<boolean> {
  const names = [keys.events, keys.cancelled, keys.publishing, keys.lock, keys.job]
  const end: EndState = 'cancelled'
  const values = [JSON.stringify({ state: end }), expirySeconds, new Date().toISOString()]
  return (await redis.eval(cancelScript, names.length, ...names, ...values)) === 1
}
