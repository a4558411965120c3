import type { JobState, Queue } from 'bullmq'
import type { Redis } from 'ioredis'
import { LRUCache } from 'lru-cache'
import { jobKeys } from '../job-keys.ts'
import { jobStates, type TrainingJob } from '../job-schema.ts'
import { stateOf } from './job-view.ts'

type State = TrainingJob['state']

/** A place in the order of jobs, newest first. */
export type JobPlace = { readonly askedAt: number; readonly id: string }

/** The lists and sorted sets that BullMQ keeps ids in. */
const sources = [
  { state: 'waiting', key: 'wait', isList: true },
  { state: 'prioritized', key: 'prioritized', isList: false },
  { state: 'delayed', key: 'delayed', isList: false },
  { state: 'active', key: 'active', isList: true },
  { state: 'waiting-children', key: 'waiting-children', isList: false },
  { state: 'completed', key: 'completed', isList: false },
  { state: 'failed', key: 'failed', isList: false },
] as const satisfies { state: JobState; key: string; isList: boolean }[]

const mostTimes = 10_000

/**
 * Gives the places of all jobs in some states, newest first. Erasures and parts of jobs are in the
 * queue, too: of those only ids are read, as of jobs whose time is known, which stays what it is. What holds
 * the ids is read at once, so that a job that goes from one to the next is missed in none.
 */
export function createJobOrder(
  queue: Queue,
  redis: Redis,
  prefix: string,
): (states: readonly State[]) => Promise<JobPlace[]> {
  const times = new LRUCache<string, number>({ max: mostTimes })

  const readIds = async (states: readonly State[]) => {
    const asked = sources.filter(({ state }) => {
      const isCancelled = states.includes(stateOf({ state, cancelledAt: '' }))
      return isCancelled || states.includes(stateOf({ state, cancelledAt: null }))
    })
    const reading = redis.multi()
    for (const { key, isList } of asked)
      if (isList) reading.lrange(queue.toKey(key), 0, -1)
      else reading.zrange(queue.toKey(key), '0', '-1')
    const ids = await answersOf<string[]>(reading)
    return asked.flatMap(({ state }, i) => ids[i]!.filter(isJobId).map((id) => ({ id, state })))
  }
  const learnTimes = async (ids: readonly string[]) => {
    const reading = redis.pipeline()
    for (const id of ids) reading.hget(jobKeys(prefix, id).job, 'timestamp')
    for (const [i, time] of (await answersOf<string | null>(reading)).entries())
      if (time !== null) times.set(ids[i]!, Number(time))
  }
  /** Those that were cancelled: by a mark, or for good once they have failed for that. */
  const cancelledOf = async (found: readonly { id: string; state: JobState }[]) => {
    if (found.length === 0) return new Set<string>()
    const failed = found.filter(({ state }) => state === 'failed')
    const reading = redis.pipeline()
    for (const { id } of failed) reading.hget(jobKeys(prefix, id).job, 'failedReason')
    const [marks, reasons] = await Promise.all([
      redis.mget(found.map(({ id }) => jobKeys(prefix, id).cancelled)),
      answersOf<string | null>(reading),
    ])
    const marked = found.filter((_, i) => marks[i] !== null)
    const ended = failed.filter((_, i) => isOfCancelled(reasons[i]))
    return new Set([...marked, ...ended].map(({ id }) => id))
  }

  return async (states) => {
    const found = await readIds(states)
    const isAll = jobStates.every((state) => states.includes(state))
    const open = found.filter(({ state }) => state !== 'completed')
    const [cancelled] = await Promise.all([
      isAll ? new Set<string>() : cancelledOf(open),
      learnTimes(found.flatMap(({ id }) => (times.has(id) ? [] : [id]))),
    ])
    const isAsked = ({ id, state }: (typeof found)[number]) =>
      isAll || states.includes(stateOf({ state, cancelledAt: cancelled.has(id) ? '' : null }))
    return found
      .filter(isAsked)
      .flatMap(({ id }) => {
        // One that was removed meanwhile has none.
        const askedAt = times.get(id)
        return askedAt === undefined ? [] : [{ askedAt, id }]
      })
      .sort(byAge)
  }
}

/** Positive where the first comes behind the second: newest first, ids deciding within a millisecond. */
export function byAge(a: JobPlace, b: JobPlace): number {
  return b.askedAt - a.askedAt || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0)
}

/** Whether it is an id of such a job, and not of an erasure. */
export function isJobId(id: string): boolean {
  return /^job-[0-9a-f]{24}$/.test(id)
}

/** Whether a job failed because it was cancelled: the mark expires, this stays as long as the job. */
export function isOfCancelled(failedReason: string | null | undefined): boolean {
  return failedReason?.startsWith('cancelled: ') ?? false
}

async function answersOf<Answer>(commands: ReturnType<Redis['pipeline']>): Promise<Answer[]> {
  const answers = (await commands.exec()) ?? []
  return answers.map(([error, answer]) => {
    if (error) throw error
    return answer as Answer
  })
}
