import type { SandboxedJob } from 'bullmq'
import { type Config, readConfig } from '../../config.ts'
import { MarqueeError } from '../../errors.ts'
import { createLogger } from '../../logger.ts'
import { createFileStore } from '../../storage/file-store.ts'
import { createModelRegistry } from '../../storage/model-registry.ts'
import type { ObjectStore } from '../../storage/object-store.ts'
import { openWorkerConnection } from '../connections.ts'
import { asJobFailure } from '../job-failure.ts'
import { jobKeys } from '../job-keys.ts'
import { type Payload, payloadSchema } from '../payload.ts'
import { beginAttempt } from './fence.ts'
import { jobCheckpoints } from './job-checkpoints.ts'
import type { JobTools } from './job-tools.ts'
import { exitWithParent } from './orphan-guard.ts'
import { runJob } from './run-job.ts'

/** The parts of a job that have nothing to do with the queue. */
export type TrainingWork = {
  loadMaterial(store: ObjectStore): ReturnType<JobTools['loadMaterial']>
  train(
    backend: Config['MARQUEE_TENSORFLOW_BACKEND'],
    ...task: Parameters<JobTools['train']>
  ): ReturnType<JobTools['train']>
  findLearningRate(
    backend: Config['MARQUEE_TENSORFLOW_BACKEND'],
    ...task: Parameters<JobTools['findLearningRate']>
  ): ReturnType<JobTools['findLearningRate']>
}

/** What a forked child does with a job: BullMQ calls it with job, token and signal. */
export function createProcessor(work: TrainingWork) {
  exitWithParent()
  return async (job: SandboxedJob<unknown>, token = '', signal: AbortSignal = never) => {
    const config = readConfig()
    const logger = createLogger(config.LOG_LEVEL).child({ jobId: job.id })
    const redis = openWorkerConnection(config.REDIS_URL, logger)
    try {
      const store = createFileStore(config.MARQUEE_STORE)
      const keys = jobKeys(config.MARQUEE_QUEUE_PREFIX, job.id)
      const task = { id: job.id, payload: parsePayload(job.data), signal }
      return await runJob(task, {
        registry: createModelRegistry(store),
        begin: () => beginAttempt(redis, keys, token),
        loadMaterial: () => work.loadMaterial(store),
        train: (...training) => work.train(config.MARQUEE_TENSORFLOW_BACKEND, ...training),
        findLearningRate: (...search) =>
          work.findLearningRate(config.MARQUEE_TENSORFLOW_BACKEND, ...search),
        checkpoints: jobCheckpoints(store, job.id, config.MARQUEE_CHECKPOINT_MS),
        onSetback: (reason) =>
          logger.warn({ reason }, 'The training begins anew on the next engine.'),
        onEpoch: ({ epoch, epochs }) => {
          job.updateProgress({ epoch, epochs }).catch(() => {})
        },
      })
    } catch (error) {
      if (!(error instanceof MarqueeError))
        logger.error({ err: error }, 'The training met a fault.')
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
