import type { Job, JobState, Queue } from 'bullmq'
import type { Redis } from 'ioredis'
import { readEvents, readTrials } from '../job-events-store.ts'
import { jobKeys } from '../job-keys.ts'
import { readProgress } from '../job-progress.ts'
import type { TrainingJob } from '../job-schema.ts'
import { byAge, createJobOrder, isJobId, isOfCancelled, type JobPlace } from './job-order.ts'
import type { KnownProgress } from './job-progress-view.ts'
import type { JobRecord } from './job-view.ts'

/** Reads jobs with all that is kept beside them. */
export type JobRecords = {
  find(id: string): Promise<JobRecord | null>
  /** Jobs in these states, newest first, and the place behind the last, unless there are no more. */
  page(options: PageOptions): Promise<{ records: JobRecord[]; next: JobPlace | null }>
  /** What its worker told last, and its place while it waits. */
  progress(id: string): Promise<KnownProgress>
  /** State and cancel mark only. */
  state(id: string): Promise<Pick<JobRecord, 'job' | 'state' | 'cancelledAt'> | null>
}

export type PageOptions = {
  readonly limit: number
  readonly states: readonly TrainingJob['state'][]
  /** Only those behind this place. */
  readonly after?: JobPlace | undefined
}

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
  const placesOf = createJobOrder(queue, redis, prefix)
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
  const get = async (id: string) => (isJobId(id) ? ((await queue.getJob(id)) ?? null) : null)

  return {
    async find(id) {
      const job = await get(id)
      return job && withProgress(job)
    },
    async page({ limit, states, after }) {
      const places = await placesOf(states)
      const behind = after ? places.filter((place) => byAge(place, after) > 0) : places
      const page = behind.slice(0, limit)
      const jobs = await Promise.all(page.map(({ id }) => queue.getJob(id)))
      // One that was removed since then is not there.
      const found = jobs.filter((job) => job !== undefined)
      const records = await Promise.all(found.map(withProgress))
      return { records, next: behind.length > limit ? page.at(-1)! : null }
    },
    progress,
    async state(id) {
      const job = await get(id)
      return job && withState(job)
    },
  }
}

function isOver(state: JobState | 'unknown'): boolean {
  return state === 'completed' || state === 'failed'
}

function cancelledTime({ failedReason, finishedOn }: Job): string | null {
  return isOfCancelled(failedReason) && finishedOn !== undefined
    ? new Date(finishedOn).toISOString()
    : null
}
