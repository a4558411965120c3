import type { Redis } from 'ioredis'
import type { EpochReport } from '../model/card.ts'
import { expirySeconds, type JobKeys } from './job-keys.ts'

/**
 * BullMQ runs a job at least once: a worker that was thought dead may go on beside its successor.
 * Every attempt therefore takes a number, and only the newest may report and publish.
 */
export type Standing = 'newest' | 'superseded' | 'cancelled'

/** One attempt at a job, as its worker sees it. */
export type Attempt = {
  /** Counts from 1 and only grows. */
  readonly number: number
  /** Appends an epoch to the job's events, unless this attempt no longer counts. */
  report(epoch: EpochReport): Promise<Standing>
  /** Asks to publish. Once it has said `newest`, the job can no longer be cancelled. */
  claimPublication(): Promise<Standing>
}

/** Whoever has lost the job's lock before it could begin must not end the standing of its heir. */
const beginScript = `
  if redis.call('EXISTS', KEYS[3]) == 1 then return 'cancelled' end
  if redis.call('GET', KEYS[5]) ~= ARGV[2] then return 'superseded' end
  local attempt = redis.call('INCR', KEYS[1])
  redis.call('DEL', KEYS[2])
  redis.call('XTRIM', KEYS[4], 'MAXLEN', 0)
  redis.call('XADD', KEYS[4], '*', 'type', 'started', 'data', '{"attempt":' .. attempt .. '}')
  redis.call('EXPIRE', KEYS[1], ARGV[1])
  redis.call('EXPIRE', KEYS[4], ARGV[1])
  return attempt`

const standing = `
  if redis.call('EXISTS', KEYS[3]) == 1 then return 'cancelled' end
  if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 'superseded' end`

/** A command that was cut off is sent again, so an epoch that is there already is left out. */
const reportScript = `${standing}
  local last = redis.call('XREVRANGE', KEYS[4], '+', '-', 'COUNT', 1)[1]
  if last and last[2][6] == ARGV[2] then return 'newest' end
  redis.call('XADD', KEYS[4], '*', 'type', 'epoch', 'data', ARGV[3], 'epoch', ARGV[2])
  return 'newest'`

const claimScript = `${standing}
  redis.call('SET', KEYS[2], ARGV[1], 'EX', ARGV[2])
  return 'newest'`

/**
 * Begins an attempt, which ends the standing of all before it. Says why not when the job was
 * cancelled or `token` is no longer the one that BullMQ has locked the job with.
 */
export async function beginAttempt(
  redis: Redis,
  keys: JobKeys,
  token: string,
): Promise<Attempt | Exclude<Standing, 'newest'>> {
  const names = [keys.attempt, keys.publishing, keys.cancelled, keys.events, keys.lock]
  const run = (script: string, ...values: (string | number)[]) =>
    redis.eval(script, names.length, ...names, ...values)

  const number = (await run(beginScript, expirySeconds, token)) as
    | number
    | 'cancelled'
    | 'superseded'
  if (typeof number === 'string') return number
  return {
    number,
    report: async (epoch) =>
      (await run(reportScript, number, epoch.epoch, JSON.stringify(epoch))) as Standing,
    claimPublication: async () => (await run(claimScript, number, expirySeconds)) as Standing,
  }
}
