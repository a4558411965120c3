import { readConfig } from '../config.ts'
import { startCompactor } from '../live/folding/compactor.ts'
import { createLogger } from '../logger.ts'
import { startTickWorker } from '../queue/schedules/tick-worker.ts'
import { startTrainingWorker } from '../queue/worker/worker.ts'
import { createFileStore } from '../storage/file-store.ts'
import { sweepStore } from '../storage/integrity/sweep.ts'
import { createDoctor } from './doctor/ask-doctor.ts'

/**
 * Runs `marquee work`: takes training jobs until it is told to stop; told twice, it stops at once.
 */
export async function work(): Promise<void> {
  const config = readConfig()
  const logger = createLogger(config.LOG_LEVEL)
  void sweepStore(config.MARQUEE_STORE, logger)
  const worker = await startTrainingWorker({
    redisUrl: config.REDIS_URL,
    prefix: config.MARQUEE_QUEUE_PREFIX,
    storeFolder: config.MARQUEE_STORE,
    backend: config.MARQUEE_TENSORFLOW_BACKEND,
    lockMs: config.MARQUEE_JOB_LOCK_MS,
    logger,
    engines: createDoctor(),
  })
  const compactor = startCompactor({
    redisUrl: config.REDIS_URL,
    prefix: config.MARQUEE_QUEUE_PREFIX,
    store: createFileStore(config.MARQUEE_STORE),
    mostEvents: config.MARQUEE_LIVE_EVENTS,
    logger,
  })
  const ticks = startTickWorker({
    redisUrl: config.REDIS_URL,
    prefix: config.MARQUEE_QUEUE_PREFIX,
    store: createFileStore(config.MARQUEE_STORE),
    attempts: config.MARQUEE_JOB_ATTEMPTS,
    lockMs: config.MARQUEE_JOB_LOCK_MS,
    logger,
  })

  let isStopping = false
  const stop = async () => {
    if (isStopping) process.exit(1)
    isStopping = true
    logger.info('The worker stops.')
    await Promise.all([compactor.close(), ticks.close(), worker.close()])
    process.exit(0)
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
}
