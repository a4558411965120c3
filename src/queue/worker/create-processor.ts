import { type SandboxedJob, UnrecoverableError, WaitingChildrenError } from 'bullmq'
import { readConfig, redisOf, storeOf } from '../../config.ts'
import { MarqueeError } from '../../errors.ts'
import { exclusively } from '../../live/folding/exclusively.ts'
import { liveKeys } from '../../live/live-keys.ts'
import { createLogger } from '../../logger.ts'
import type { LearningRateSearch } from '../../model/spec/learning-rate-search.ts'
import { shareCores } from '../../numeric/parallel/own-threads.ts'
import { openWorkerConnection } from '../../redis/connections.ts'
import { whenTaken } from '../../redis/when-taken.ts'
import { createModelRegistry } from '../../storage/model-registry.ts'
import { createStore } from '../../storage/open-store.ts'
import { erasurePayloadSchema } from '../erasure-job.ts'
import { asJobFailure, isFault } from '../job-failure.ts'
import { jobKeys } from '../job-keys.ts'
import { partPayloadSchema } from '../job-part.ts'
import { type Payload, payloadSchema, reqIdOf } from '../job-request.ts'
import type { BatchResult, Published } from '../job-schema.ts'
import { assertSameStore } from '../same-store.ts'
import { readReports } from '../worker-reports.ts'
import { beginAttempt } from './attempt.ts'
import { endingSoon, jobCheckpoints } from './job-checkpoints.ts'
import { foldForJob } from './job-live.ts'
import type { JobTask, JobWork, PartedJobTools } from './job-tools.ts'
import { exitWithParent } from './orphan-guard.ts'
import { jobParts } from './parts/job-parts.ts'
import { runBatchJob } from './parts/run-batch-job.ts'
import { runPart } from './parts/run-part.ts'
import { createJobMeter } from './progress/job-meter.ts'
import { jobRates } from './progress/job-rates.ts'
import { runErasureJob } from './run-erasure-job.ts'
import { runLearningRateJob } from './run-learning-rate-job.ts'
import { runTuningJob } from './run-tuning-job.ts'
import { runTrainingJob } from './training/run-training-job.ts'

/** The function of a forked child that does a job: BullMQ calls it with job, token and signal. */
export function createProcessor(work: JobWork) {
  exitWithParent()
  let isEndingSoon = false
  process.on('message', (message) => {
    if (message === endingSoon) isEndingSoon = true
  })
  return async (job: SandboxedJob<unknown>, token = '', signal: AbortSignal = never) => {
    const config = readConfig()
    shareCores(config.MARQUEE_WORKER_CONCURRENCY)
    const logger = createLogger(config.LOG_LEVEL).child({ jobId: job.id, reqId: reqIdOf(job.data) })
    const redis = openWorkerConnection(redisOf(config), logger)
    try {
      const store = createStore(storeOf(config))
      const registry = createModelRegistry(store)
      const prefix = config.MARQUEE_QUEUE_PREFIX
      await assertSameStore(redis, prefix, store)
      const erasure = erasurePayloadSchema.safeParse(job.data)
      if (erasure.success) {
        const tools = { store, registry, redis, prefix, logger }
        await whenTaken(() => runErasureJob(erasure.data.erasure, tools), { logger })
        return null
      }
      const part = partPayloadSchema.safeParse(job.data)
      if (part.success)
        return await runPart(part.data, {
          ...{ redis, prefix, store, registry, work, signal },
          backend: config.MARQUEE_TENSORFLOW_BACKEND,
          tell: (told) => void job.updateProgress(told).catch(() => {}),
        })
      const keys = jobKeys(prefix, job.id)
      const rates = jobRates(redis, prefix)
      const { meter, ...heard } = createJobMeter(await rates.load(), (progress) => {
        job.updateProgress(progress).catch(() => {})
      })
      const task = { id: job.id, payload: parsePayload(job.data), signal }
      const result = await runJob(task, {
        ...{ work, meter, ...heard },
        parts: jobParts(redis, prefix, { id: job.id, token }),
        partRows: config.MARQUEE_BATCH_PART_ROWS,
        exclusively: (work) => exclusively(redis, liveKeys(prefix), work),
        workers: async () => {
          const takers = await readReports(redis, prefix)
          const able = takers.filter(({ kinds }) => kinds.includes(task.payload.kind))
          return able.reduce((sum, { concurrency }) => sum + concurrency, 0)
        },
        store,
        registry,
        backend: config.MARQUEE_TENSORFLOW_BACKEND,
        foldLive: () =>
          whenTaken(() => foldForJob(keys, { redis, keys: liveKeys(prefix), store, logger }), {
            logger,
          }),
        begin: () => beginAttempt(redis, keys, token, logger),
        checkpoints: jobCheckpoints(
          store,
          job.id,
          config.MARQUEE_CHECKPOINT_MS,
          () => isEndingSoon,
        ),
        onStart: (model, reason) =>
          logger.info(
            { model, reason },
            model === null ? 'The training starts cold.' : 'The training starts warm.',
          ),
        onDamage: (damaged) =>
          logger.error({ damaged }, 'Segments are damaged: the job does without them.'),
        onSetback: (reason) =>
          logger.warn({ reason }, 'The training begins anew on the next engine.'),
        onLoss: ({ version, metrics, baselines }) =>
          logger.warn(
            { model: version, rmse: metrics?.rmse, biasOnly: baselines?.['bias-only'].rmse },
            'The model loses to the damped biases on the held-out ratings.',
          ),
        onPromotion: (model, { promoted, mode, verdict, reason, against, askedBy }) =>
          logger.info(
            { ...{ model, verdict, reason, promote: mode }, ...{ against, askedBy } },
            promoted ? 'The model serves.' : 'The model is kept and does not serve.',
          ),
      })
      meter.end()
      // They are for the estimates of later jobs alone.
      await rates.keep(meter.measured()).catch(() => {})
      return result
    } catch (error) {
      if (error instanceof WaitingChildrenError || error instanceof UnrecoverableError) throw error
      if (isFault(error)) logger.error({ err: error }, 'The job met a fault.')
      throw asJobFailure(error)
    } finally {
      await redis.quit().catch(() => {})
    }
  }
}

const never = new AbortController().signal

function parsePayload(data: unknown): Payload {
  const payload = payloadSchema.safeParse(data)
  if (payload.success) return payload.data
  throw new MarqueeError('invalid-request', 'The job was queued by a release that does not fit.', {
    cause: payload.error,
  })
}

/** Does what a job asks for; what comes back is kept with the job, null where nothing is. */
async function runJob(
  { payload, ...rest }: JobTask<Payload>,
  tools: PartedJobTools,
): Promise<Published | LearningRateSearch | BatchResult | null> {
  switch (payload.kind) {
    case 'train':
      return runTrainingJob({ payload, ...rest }, tools)
    case 'find-rate':
      return runLearningRateJob({ payload, ...rest }, tools)
    case 'tune':
      return runTuningJob({ payload, ...rest }, tools)
    case 'recommend-all':
      return runBatchJob({ payload, ...rest }, tools)
  }
}
