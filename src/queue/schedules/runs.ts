import type { Redis } from 'ioredis'
import { expirySeconds } from '../job-keys.ts'
import type { KeptSchedule, Run } from './schedule.ts'
import { scheduleQueueName } from './schedule-queue.ts'

const kept = 20

/**
 * Puts a run before the others, unless its tick is among them or the schedule is gone.
 *
 * KEYS: the runs, BullMQ's hash of the scheduler. ARGV: the tick, the run, the id, how many are kept.
 */
const recordScript = `
  local data = redis.call('HGET', KEYS[2], 'data')
  if not data or not string.find(data, ARGV[3], 1, true) then return 0 end
  for _, run in ipairs(redis.call('LRANGE', KEYS[1], 0, -1)) do
    if cjson.decode(run).tick == ARGV[1] then return 0 end
  end
  redis.call('LPUSH', KEYS[1], ARGV[2])
  redis.call('LTRIM', KEYS[1], 0, ARGV[4] - 1)
  return 1`

/** What is kept in Redis of a schedule beside BullMQ's scheduler. */
export type Runs = {
  /** The newest, newest first. */
  list(schedule: Owner): Promise<Run[]>
  /** Records the run of a tick, a name that it has among those of the schedule; the first counts. */
  record(schedule: KeptSchedule, tick: string, run: Run): Promise<void>
  /** The last run that queued a job, or was about to. */
  last(schedule: Owner): Promise<Run | null>
  /** Told before the job is queued, so that no job goes unknown. */
  announce(schedule: Owner, run: Run): Promise<void>
  forget(schedule: Owner): Promise<void>
}

type Owner = Pick<KeptSchedule, 'id'>

/** The runs of all schedules over one connection. */
export function createRuns(redis: Redis, prefix: string): Runs {
  const runsKey = ({ id }: Owner) => `${prefix}:schedule:${id}:runs`
  const lastKey = ({ id }: Owner) => `${prefix}:schedule:${id}:last`
  return {
    async list(schedule) {
      const runs = await redis.lrange(runsKey(schedule), 0, -1)
      return runs.map((run) => (JSON.parse(run) as { run: Run }).run)
    },
    async record(schedule, tick, run) {
      const { name, id } = schedule
      const keys = [runsKey(schedule), `${prefix}:${scheduleQueueName}:repeat:${name}`]
      const values = [tick, JSON.stringify({ tick, run }), id, kept]
      await redis.eval(recordScript, keys.length, ...keys, ...values)
    },
    async last(schedule) {
      const run = await redis.get(lastKey(schedule))
      return run === null ? null : (JSON.parse(run) as Run)
    },
    async announce(schedule, run) {
      await redis.set(lastKey(schedule), JSON.stringify(run), 'EX', expirySeconds)
    },
    async forget(schedule) {
      await redis.del(runsKey(schedule), lastKey(schedule))
    },
  }
}
