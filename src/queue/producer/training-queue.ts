import { Queue } from 'bullmq'
import type { Logger } from 'pino'
import { MarqueeError } from '../../errors.ts'
import { firstAnswer, openProducerConnection } from '../../redis/connections.ts'
import type { RedisSettings } from '../../redis/options.ts'
import { type RedisState, stateOf as redisStateOf } from '../../redis/state.ts'
import { addErasure } from '../erasure-job.ts'
import { type JobEvent, markCancelled } from '../job-events-store.ts'
import { jobKeys, queueName } from '../job-keys.ts'
import type { JobRequest, Payload } from '../job-request.ts'
import { jobStates, type TrainingJob } from '../job-schema.ts'
import { readReports, type WorkerReport } from '../worker-reports.ts'
import { type AddOptions, addJob } from './add-job.ts'
import { answerInTime, onceIn } from './answer-in-time.ts'
import { askedHash } from './asked-hash.ts'
import { followEvents } from './follow-events.ts'
import { JobFollower } from './job-follower.ts'
import { newJobId } from './job-identity.ts'
import type { JobPlace } from './job-order.ts'
import { createJobRecords, type PageOptions } from './job-records.ts'
import { stateOf, toJobView } from './job-view.ts'
import { keepStoreClaim } from './store-claim.ts'
import { untakenKinds, untakenOf, untakenWork } from './untaken-work.ts'

/**
 * The queue as the server sees it. Every call answers within seconds: with a `queue-unavailable`
 * error when Redis does not.
 */
export type TrainingQueue = {
  /**
   * Queues a job, unless an identical one is queued or running: then that one's id. `askedBy` is the
   * key that it came with, `ids` those of the job, where one is chosen, and of the request. A
   * `too-many-jobs` error where as many wait as may.
   */
  add(
    request: JobRequest,
    dataVersion: string,
    askedBy?: string | null,
    ids?: Pick<AddOptions, 'id' | 'reqId' | 'input'>,
  ): Promise<{ outcome: 'queued'; job: TrainingJob } | { outcome: 'duplicate'; id: string }>
  /** The job, or null when there is none with this id (any more). */
  find(id: string): Promise<TrainingJob | null>
  /**
   * Jobs, newest first, 50 unless told, in all states or in these; `next` is where the following ones
   * begin, null where there are none.
   */
  list(options?: Partial<PageOptions>): Promise<{ jobs: TrainingJob[]; next: JobPlace | null }>
  /** Ends a queued or running job, wherever it runs; the same answer when asked again. */
  cancel(id: string): Promise<'cancelled' | 'finished' | 'unknown'>
  /**
   * The events after `after`, then those that come, up to and with `ended`; it waits where Redis is
   * away. An `unknown-job` error where there is no such job, or none any more.
   */
  events(
    id: string,
    options: { after?: string | undefined; signal: AbortSignal },
  ): AsyncIterable<JobEvent>
  /** Queues the erasure that has this receipt. */
  addErasure(erasure: string, reqId?: string): Promise<void>
  /** Why this process should have another store, so that nothing is changed through it; or null. */
  storeFault(): string | null
  /** What waits though no worker takes it, in sentences, as it was within the last seconds. */
  untaken(): Promise<string[]>
  /** What the workers that are there take, and their engines. */
  workers(): Promise<WorkerReport[]>
  /** Jobs by state, and how many ended, as BullMQ writes it for Prometheus. */
  metrics(): Promise<string>
  /** How Redis is, whatever it is. */
  redis(): Promise<RedisState>
  close(): Promise<void>
}

export type TrainingQueueOptions = RedisSettings & {
  /** How often a job is tried that fails by a fault and does not get further. */
  attempts: number
  /** How many jobs may wait, 1,000 unless told. */
  mostQueued?: number
  logger: Logger
  /**
   * Of the store that the jobs are about: no other process may use another over the same Redis. Asked
   * until it answers.
   */
  storeId?: () => Promise<string>
}

/** What waits is looked at once in so long, as anybody may send probes. */
const untakenMs = 3_000
/** A probe, which may take three seconds itself, waits so long for it. */
const untakenPatienceMs = 1_000

/** Opens the queue; it opens too when Redis is away, and works as soon as Redis is there. */
export async function openTrainingQueue(options: TrainingQueueOptions): Promise<TrainingQueue> {
  const { prefix, attempts, logger, mostQueued = 1_000 } = options
  const redis = openProducerConnection(options, logger)
  // Without these three a queue that is made while Redis is away would wait, or fail for good.
  const lenient = { skipWaitingForReady: true, skipVersionCheck: true, skipMetasUpdate: true }
  const queue = new Queue<Payload>(queueName, { connection: redis, prefix, ...lenient })
  queue.on('error', (error) => logger.debug({ err: error }, 'The connection to Redis failed.'))
  const records = createJobRecords(queue, redis, prefix)
  const follower = new JobFollower(redis, prefix, records)
  const { storeId } = options
  const claim = storeId ? keepStoreClaim(redis, prefix, storeId, logger) : null
  await firstAnswer(redis)
  const storeFault = () => claim?.reason() ?? null

  const add = async (
    request: JobRequest,
    dataVersion: string,
    options: Pick<AddOptions, 'askedBy' | 'id' | 'reqId' | 'input'>,
  ) => {
    await assertRoom()
    const asked = await askedHash(redis, prefix, request)
    const added = await addJob(queue, request, { dataVersion, attempts, asked, ...options })
    if (added.outcome === 'duplicate') return added
    const queued = toJobView({
      job: added.job,
      state: 'waiting',
      cancelledAt: null,
      epochs: [],
      trials: [],
      ...(await records.progress(added.job.id!)),
    })
    return { outcome: 'queued', job: (await withUntaken([queued!]))[0]! } as const
  }

  /** Those that wait say so where no worker takes them. */
  const withUntaken = async (jobs: TrainingJob[]): Promise<TrainingJob[]> => {
    if (!jobs.some(({ state }) => state === 'queued')) return jobs
    const untaken = await untakenKinds(redis, prefix)
    return jobs.map((job) =>
      job.state === 'queued' && untaken.has(job.kind)
        ? { ...job, progress: { ...job.progress, step: untakenOf(job.kind) } }
        : job,
    )
  }

  /** Parts of jobs that have begun wait, too, and are none. */
  const assertRoom = async () => {
    const waiting = await Promise.all([
      redis.lrange(queue.toKey('wait'), 0, -1),
      redis.zrange(queue.toKey('prioritized'), '0', '-1'),
      redis.zrange(queue.toKey('delayed'), '0', '-1'),
    ])
    const jobs = waiting.flat().filter((id) => id.startsWith('job-'))
    if (jobs.length < mostQueued) return
    throw new MarqueeError(
      'too-many-jobs',
      `${mostQueued} jobs wait already: ask again when some have ended, or start more workers.`,
    )
  }

  const find = async (id: string) => {
    const record = await records.find(id)
    const job = record && toJobView(record)
    return job && (await withUntaken([job]))[0]!
  }

  const list = async ({ limit = 50, states = jobStates, after }: Partial<PageOptions>) => {
    const { records: found, next } = await records.page({ limit, states, after })
    const views = found.map(toJobView).filter((job) => job !== null)
    // One may be in another state meanwhile.
    const jobs = views.filter(({ state }) => states.includes(state))
    return { jobs: await withUntaken(jobs), next }
  }

  const cancel = async (id: string) => {
    const record = await records.state(id)
    if (!record) return 'unknown'
    const state = stateOf(record)
    if (state === 'completed' || state === 'failed') return 'finished'
    if (!(await markCancelled(redis, jobKeys(prefix, id)))) return 'finished'
    await record.job.removeDeduplicationKey()
    await record.job.removeUnprocessedChildren()
    return 'cancelled'
  }

  return {
    add: (request, dataVersion, askedBy = null, { id = newJobId(), ...ids } = {}) =>
      answerInTime(add(request, dataVersion, { askedBy, id, ...ids })),
    find: (id) => answerInTime(find(id)),
    list: (options = {}) => answerInTime(list(options)),
    cancel: (id) => answerInTime(cancel(id)),
    events: (id, options) => followEvents(follower, id, options),
    addErasure: (erasure, reqId) => answerInTime(addErasure(queue, erasure, reqId)),
    untaken: onceIn(untakenMs, () => answerInTime(untakenWork(redis, prefix), untakenPatienceMs)),
    workers: () => answerInTime(readReports(redis, prefix)),
    metrics: () => answerInTime(queue.exportPrometheusMetrics()),
    storeFault,
    async redis() {
      const state = await redisStateOf(redis, prefix)
      const reason = storeFault()
      if (reason === null) return state
      return { ...state, isUsable: false, reasons: [...state.reasons, reason] }
    },
    async close() {
      follower.close()
      claim?.close()
      redis.disconnect()
      await queue.close().catch(() => {})
    },
  }
}
