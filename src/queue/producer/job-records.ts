import type { Job, JobState, Queue } from 'bullmq'
import type { Redis } from 'ioredis'
import { readEvents, readTrials } from '../job-events-store.ts'
import { jobKeys } from '../job-keys.ts'
import { readProgress } from '../job-progress.ts'
import type { KnownProgress } from './job-progress-view.ts'
import type { JobRecord } from './job-view.ts'

/** Reads jobs with all that is kept beside them. */
export type JobRecords = {
  find(id: string): Promise<JobRecord | null>
  /** The newest jobs, newest first. */
  newest(limit: number): Promise<JobRecord[]>
  /** What its worker told last, and its place while it waits. */
  progress(id: string): Promise<KnownProgress>
  /** State and cancel mark only. */
  state(id: string): Promise<Pick<JobRecord, 'job' | 'state' | 'cancelledAt'> | null>
}

const listed = [
  'active',
  'waiting-children',
  'waiting',
  'prioritized',
  'delayed',
  'completed',
  'failed',
] as const

/** Job records over one connection. */
export function createJobRecords(queue: Queue, redis: Redis, prefix: string): JobRecords {
  const withState = async (job: Job) => {
    const [state, mark] = await Promise.all([
      job.getState(),
      redis.get(jobKeys(prefix, job.id!).cancelled),
    ])
    // It may have ended after its fields were read, and they would not know how.
    const isStale = isOver(state) && job.finishedOn === undefined
    const current = isStale ? ((await queue.getJob(job.id!)) ?? job) : job
    return { job: current, state, cancelledAt: mark ?? cancelledTime(current) }
  }
  const waiting = queue.toKey('wait')
  const progress = async (id: string) => {
    const [told, ahead, waits, rank] = await Promise.all([
      readProgress(redis, jobKeys(prefix, id)),
      redis.lpos(waiting, id),
      redis.llen(waiting),
      redis.zrank(queue.toKey('prioritized'), id),
    ])
    // What has no priority comes first; it is taken from the end.
    if (rank !== null) return { told, place: waits + rank + 1 }
    return { told, place: ahead === null ? null : waits - ahead }
  }
  const withProgress = async (job: Job): Promise<JobRecord> => {
    const keys = jobKeys(prefix, job.id!)
    const [state, told, events, trials] = await Promise.all([
      withState(job),
      progress(job.id!),
      readEvents(redis, keys),
      job.data?.kind === 'tune' ? readTrials(redis, keys) : [],
    ])
    const epochs = events.flatMap((event) => (event.type === 'epoch' ? [event.data] : []))
    return { ...state, ...told, epochs, trials }
  }
  const get = async (id: string) => (isId(id) ? ((await queue.getJob(id)) ?? null) : null)

  return {
    async find(id) {
      const job = await get(id)
      return job && withProgress(job)
    },
    async newest(limit) {
      // Erasures and parts of jobs are in the queue, too: only ids are read past them.
      const ids = await Promise.all(
        listed.map(async (state) => {
          const all = await queue.getRanges([state], 0, -1)
          return all.filter(isId).slice(0, limit)
        }),
      )
      const found = await Promise.all([...new Set(ids.flat())].map((id) => queue.getJob(id)))
      // One that was removed since it was counted is not there.
      const jobs = found.filter((job) => job !== undefined)
      const newest = jobs.sort((a, b) => b.timestamp - a.timestamp).slice(0, limit)
      return Promise.all(newest.map(withProgress))
    },
    progress,
    async state(id) {
      const job = await get(id)
      return job && withState(job)
    },
  }
}

/** Whether it is an id of such a job, and not of an erasure. */
function isId(id: string): boolean {
  return /^job-[0-9a-f]{24}$/.test(id)
}

function isOver(state: JobState | 'unknown'): boolean {
  return state === 'completed' || state === 'failed'
}

/** The mark expires; that the job failed because of it stays as long as the job. */
function cancelledTime({ failedReason, finishedOn }: Job): string | null {
  return failedReason?.startsWith('cancelled: ') && finishedOn !== undefined
    ? new Date(finishedOn).toISOString()
    : null
}
