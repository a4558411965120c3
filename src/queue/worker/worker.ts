import { extname } from 'node:path'
import { type Job, MetricsTime } from 'bullmq'
import type { Logger } from 'pino'
import type { Config } from '../../config.ts'
import type { EngineReport } from '../../model/engine-report.ts'
import { openWorkerConnection } from '../../redis/connections.ts'
import type { RedisSettings } from '../../redis/options.ts'
import { tryToWrite, warnOfDangers } from '../../redis/state.ts'
import { whenTaken } from '../../redis/when-taken.ts'
import { openBatches } from '../../storage/batches/batches.ts'
import type { ObjectStore } from '../../storage/object-store.ts'
import { createStore, type StoreSettings } from '../../storage/open-store.ts'
import { mostDeaths } from '../job-failure.ts'
import { jobKeys, queueName } from '../job-keys.ts'
import { jobOf, partPayloadSchema } from '../job-part.ts'
import { payloadSchema, reqIdOf } from '../job-request.ts'
import { within } from '../within.ts'
import { type WorkKind, workKinds } from '../work-kinds.ts'
import { newWorkerIdentity, tellReport } from '../worker-reports.ts'
import { jobCheckpoints } from './job-checkpoints.ts'
import { keepLock } from './keep-lock.ts'
import { leaveUnfit } from './leave-unfit.ts'
import { followPart } from './parts/follow-part.ts'
import { followProgress } from './progress/follow-progress.ts'
import { type JobMetrics, measureJobs, withMetrics } from './progress/job-metrics.ts'
import { resumeErasures } from './resume-erasures.ts'
import { SandboxWorker } from './sandbox-worker.ts'

export type TrainingWorkerOptions = RedisSettings & {
  /** Folder of ratings and models. */
  store: StoreSettings
  backend: Config['MARQUEE_TENSORFLOW_BACKEND']
  /** A worker that is silent for so long has lost its job. */
  lockMs: number
  logger: Logger
  /** What it is there for: all kinds of work unless told. */
  kinds?: WorkKind[] | undefined
  /** Jobs that it does at once, one unless told. */
  concurrency?: number
  /** Probes the engines of this machine; servers are told once they are known. */
  engines?: () => Promise<EngineReport>
  /** The program of the child; tests have it train less. */
  processorFile?: URL
  /** Told of jobs and of what their children tell. */
  metrics?: JobMetrics | undefined
}

export type TrainingWorker = {
  /**
   * Takes no further job. A training that does not end in time is killed and its job handed back,
   * so that another worker takes it up. Resolves by the deadline, 10 seconds unless told.
   */
  close(deadlineMs?: number): Promise<void>
}

/** Compiled code runs compiled code; sources run sources, under the loader that they inherit. */
const ownProcessor = new URL(`./processor${extname(import.meta.url)}`, import.meta.url)
/**
 * Node's arguments for the process of a job: this one's but for the inspector. BullMQ would put a port into each of
 * these, and Node 24, which gives a test `--inspect-publish-uid`, ends with 9 at that.
 */
const processArgs = process.execArgv.filter(
  (arg, i, args) => !arg.startsWith('--inspect') && args[i - 1] !== '--inspect-port',
)

/** Starts to take jobs; while Redis is away it waits for it. */
export async function startTrainingWorker(options: TrainingWorkerOptions): Promise<TrainingWorker> {
  const { redisUrl, prefix, redisTls = {}, lockMs, logger, metrics } = options
  const { kinds = [...workKinds], concurrency = 1 } = options
  const closing = new AbortController()
  const connection = openWorkerConnection(options, logger, closing.signal)
  warnOfDangers(connection, prefix, logger)
  const identity = newWorkerIdentity()
  const env = {
    // biome-ignore lint/style/noProcessEnv: nothing is read from it, it is handed on as it is
    ...process.env,
    REDIS_URL: redisUrl,
    MARQUEE_REDIS_CA: redisTls.ca ?? '',
    MARQUEE_REDIS_CERT: redisTls.cert ?? '',
    MARQUEE_REDIS_KEY: redisTls.key ?? '',
    MARQUEE_QUEUE_PREFIX: prefix,
    MARQUEE_STORE: options.store.location,
    MARQUEE_TENSORFLOW_BACKEND: options.backend,
    MARQUEE_WORKER_CONCURRENCY: String(concurrency),
    LOG_LEVEL: logger.level,
  } satisfies NodeJS.ProcessEnv & Partial<Record<keyof Config, string>>
  const isCancelled = async (id: string) =>
    (await connection.exists(jobKeys(prefix, jobOf(id)).cancelled)) === 1
  const follow = ({ id = '', data }: { id?: string; data: unknown }, token: string) => {
    const keys = jobKeys(prefix, id)
    const part = partPayloadSchema.safeParse(data).data
    if (part) {
      const of = jobKeys(prefix, part.of)
      return followPart(part, { of, lock: keys.lock, token }, identity, connection)
    }
    // An erasure is no training, and how far a batch is its parts tell.
    const kind = payloadSchema.safeParse(data).data?.kind ?? 'recommend-all'
    if (kind === 'recommend-all') return null
    return followProgress({ id, reqId: reqIdOf(data), keys, token }, identity, {
      redis: connection,
      logger,
    })
  }
  const probed =
    options.engines?.().catch((error: unknown) => {
      logger.warn({ err: error }, 'The engines of this machine could not be probed.')
      return null
    }) ?? Promise.resolve(null)
  const settings = {
    connection,
    prefix,
    concurrency: 1,
    lockDuration: lockMs,
    stalledInterval: Math.ceil(lockMs / 2),
    // Each count is a worker that died since the job got further; it is at fault itself then.
    maxStalledCount: mostDeaths,
    // How long it waits after a failed command; by default a quarter of a minute.
    runRetryDelay: 1_000,
    workerForkOptions: { env, execArgv: processArgs },
    // For the counts of what ended that `/metrics` of servers gives.
    metrics: { maxDataPoints: MetricsTime.ONE_HOUR },
    follow: (job: Job, token: string) => {
      logger.info(namesOf(job), 'A job begins.')
      return withMetrics(follow(job, token), metrics?.begin(job.name))
    },
    leave: ({ id = '', data }: Job, token: string) =>
      leaveUnfit({ id, data, token }, { kinds, probed }, { redis: connection, prefix }),
    untilWritable: (isOver: () => boolean) =>
      whenTaken(() => tryToWrite(connection, prefix), { logger, isOver }).catch(() => {}),
    keepLock: (id: string, token: string, ms: number) =>
      keepLock(connection, prefix, { id, token, ms }),
    wakeIdle: () => connection.zadd(`${prefix}:${queueName}:marker`, 0, '0'),
    isCancelled,
  }
  const processor = options.processorFile ?? ownProcessor
  // Each has processes of its own, so that of two jobs one can be ended.
  const workers = Array.from(
    { length: concurrency },
    () => new SandboxWorker(queueName, processor, settings),
  )
  const store = createStore(options.store)
  for (const worker of workers) {
    worker.on('failed', (job) => {
      // Without an end it is tried again, from there.
      if (!job?.id || !job.finishedOn) return
      clearAfter(store, job.id).catch((error: unknown) =>
        logger.warn({ err: error }, 'What a failed job has left stays behind.'),
      )
    })
    logWork(worker, logger)
    if (metrics) measureJobs(worker, metrics, isCancelled)
  }
  const stopResuming = resumeErasures(connection, prefix, { store, logger })
  const taking = { kinds, concurrency }
  const report = tellReport(connection, prefix, taking, identity, metrics?.toldOf)
  void probed.then((engines) => {
    if (engines !== null && !closing.signal.aborted) report.probed(engines)
  })
  workers[0]?.on('ready', () => logger.info(taking, 'The worker takes jobs.'))
  for (const worker of workers)
    worker.run().catch((error: unknown) => logger.error({ err: error }, 'The worker has stopped.'))

  const closeOne = async (worker: SandboxWorker, deadlineMs: number) => {
    const patienceMs = Math.max(deadlineMs - 2_000, deadlineMs / 2)
    worker.tellEnd()
    const closed = worker.close()
    await within(patienceMs, closed)
    if (worker.currentId !== null) {
      logger.info({ jobId: worker.currentId }, 'The job is handed back.')
      await within((deadlineMs - patienceMs) / 2, worker.handBack())
      worker.endTraining()
    }
    await within((deadlineMs - patienceMs) / 2, closed)
  }

  return {
    async close(deadlineMs = 10_000) {
      stopResuming()
      report.takeBack()
      await Promise.all(workers.map((worker) => closeOne(worker, deadlineMs)))
      // Where Redis is away, BullMQ would go on waiting for it.
      closing.abort()
      await Promise.all(workers.map((worker) => worker.abandon()))
      connection.disconnect()
    },
  }
}

/** Removes what a job that has failed for good has left. */
async function clearAfter(store: ObjectStore, id: string): Promise<void> {
  await jobCheckpoints(store, id, 0).clear()
  const batches = openBatches(store)
  if (!(await batches.find(id))) await batches.remove(id)
}

function namesOf(job?: Job) {
  return { jobId: job?.id, reqId: reqIdOf(job?.data) }
}

function logWork(worker: SandboxWorker, logger: Logger): void {
  worker.on('completed', (job) => logger.info(namesOf(job), 'A job is done.'))
  worker.on('failed', (job, error) =>
    logger.warn({ ...namesOf(job), reason: error.message }, 'A job failed.'),
  )
  worker.on('stalled', (id) => logger.warn({ jobId: id }, 'A job has lost its worker.'))
  worker.on('lockRenewalFailed', (ids) => {
    if (worker.currentId === null || !ids.includes(worker.currentId)) return
    logger.warn({ jobId: worker.currentId }, 'The job belongs to another worker now.')
    worker.endTraining()
  })
  // Outages are logged by the connection; what else there is matters only when something is odd.
  worker.on('error', (error) => logger.debug({ err: error }, 'BullMQ reported an error.'))
}
