import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import {
  type ArmTally,
  arms,
  type Experiment,
  type Tally,
} from '../../model/experiments/experiment.ts'
import { firstAnswer, openProducerConnection } from '../../redis/connections.ts'
import type { RedisSettings } from '../../redis/options.ts'
import { available } from '../live-log.ts'
import { countOccurrences, type Occurrence } from './count-script.ts'
import { experimentKeys } from './experiment-keys.ts'

/** What users are shown and rate in experiments, counted in Redis behind their backs. */
export type ExperimentCounts = {
  /** Counts what happened, soon; nobody waits for it, and nobody is told where Redis is away. */
  note(experiment: Experiment, occurrence: Occurrence): void
  /** What was counted by now; a `log-unavailable` error without Redis. */
  tally(experiment: Pick<Experiment, 'id'>): Promise<Tally>
  /** Removes all that is kept of an experiment; the same error. */
  forget(experiment: Pick<Experiment, 'id'>): Promise<void>
  /** Counts what is left. */
  close(): Promise<void>
}

type Waiting = { readonly experiment: Experiment; readonly occurrence: Occurrence }

const flushMs = 200
/** So much later ratings are counted: by then other servers have counted the lists before them. */
const ratingDelayMs = 1_000
/** What happened is counted after so long at most, Redis being there. */
export const heldMs = 2 * (flushMs + ratingDelayMs)
/** More than that is not held for a Redis that is slow. */
const mostWaiting = 50_000
/** So many keep Redis for some milliseconds. */
const atOnce = 500

/** Opens the counts over a connection of their own; Redis may be away. */
export async function openExperimentCounts(
  options: RedisSettings & { logger: Logger },
): Promise<ExperimentCounts> {
  const { prefix, logger } = options
  const quiet = logger.child({}, { level: 'error' })
  const redis = openProducerConnection(options, quiet)
  const count = countOccurrences(redis)
  await firstAnswer(redis)
  let lists: Waiting[] = []
  /** By when they may be counted. */
  let ratings: (Waiting & { readonly from: number })[] = []
  let timer: NodeJS.Timeout | undefined
  let flushing: Promise<void> = Promise.resolve()
  let isLosing = false

  const send = async (waiting: readonly Waiting[]) => {
    for (const [experiment, occurrences] of byExperiment(waiting))
      for (let from = 0; from < occurrences.length; from += atOnce) {
        const keys = experimentKeys(prefix, experiment.id)
        await count(keys, experiment.windowDays, occurrences.slice(from, from + atOnce))
      }
  }
  const flush = async (now: number) => {
    const due = ratings.filter(({ from }) => from <= now)
    const waiting = [...lists, ...due]
    lists = []
    ratings = ratings.slice(due.length)
    try {
      await send(waiting)
      isLosing = false
    } catch (err) {
      if (!isLosing)
        logger.warn({ err }, 'What users of the experiment are shown and rate is not counted.')
      isLosing = true
    }
    if (lists.length + ratings.length > 0) schedule()
  }
  const schedule = () => {
    timer ??= setTimeout(() => {
      timer = undefined
      flushing = flushing.then(() => flush(Date.now()))
    }, flushMs).unref()
  }

  return {
    note(experiment, occurrence) {
      if (lists.length + ratings.length >= mostWaiting) return
      const waiting = { experiment, occurrence }
      if ('movieIds' in occurrence) lists.push(waiting)
      else ratings.push({ ...waiting, from: Date.now() + ratingDelayMs })
      schedule()
    },
    tally: ({ id }) => available(readTally(redis, experimentKeys(prefix, id).tally)),
    forget: ({ id }) => available(forget(redis, prefix, id)),
    async close() {
      clearTimeout(timer)
      await flushing
      await flush(Number.POSITIVE_INFINITY)
      clearTimeout(timer)
      redis.disconnect()
    },
  }
}

function byExperiment(waiting: readonly Waiting[]): Map<Experiment, Occurrence[]> {
  const groups = new Map<string, [Experiment, Occurrence[]]>()
  for (const { experiment, occurrence } of waiting) {
    const [, group] = groups.get(experiment.id) ?? [experiment, []]
    group.push(occurrence)
    groups.set(experiment.id, [experiment, group])
  }
  return new Map(groups.values())
}

const noTally: ArmTally = {
  users: 0,
  lists: 0,
  converted: 0,
  conversions: 0,
  ratings: 0,
  ratingSum: 0,
}

/** What a tally in Redis has, zeros where it has nothing. */
export async function readTally(redis: Redis, key: string): Promise<Tally> {
  const counted = await redis.hgetall(key)
  const [control, treatment] = arms.map((arm) => {
    const fields = Object.entries(noTally)
    return Object.fromEntries(
      fields.map(([field, none]) => [field, Number(counted[`${arm}:${field}`] ?? none)]),
    ) as ArmTally
  })
  return { control: control!, treatment: treatment! }
}

/** The keys of what users were shown are found by the users that were counted. */
async function forget(redis: Redis, prefix: string, id: string): Promise<void> {
  const keys = experimentKeys(prefix, id)
  let cursor = '0'
  do {
    const [next, fields] = await redis.hscan(keys.users, cursor, 'COUNT', 1_000)
    const users = fields.filter((_, i) => i % 2 === 0)
    if (users.length > 0) await redis.unlink(...users.map(keys.shown))
    cursor = next
  } while (cursor !== '0')
  await redis.unlink(keys.tally, keys.users)
}
