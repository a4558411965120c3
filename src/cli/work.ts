import { readConfig } from '../config.ts'
import { createLogger } from '../logger.ts'
import { startTrainingWorker } from '../queue/worker/worker.ts'
import { createDoctor } from './doctor/ask-doctor.ts'

/**
 * Runs `marquee work`: takes training jobs until it is told to stop; told twice, it stops at once.
 */
export async function work(): Promise<void> {
  const config = readConfig()
  const logger = createLogger(config.LOG_LEVEL)
  const worker = await startTrainingWorker({
    redisUrl: config.REDIS_URL,
    prefix: config.MARQUEE_QUEUE_PREFIX,
    storeFolder: config.MARQUEE_STORE,
    backend: config.MARQUEE_TENSORFLOW_BACKEND,
    lockMs: config.MARQUEE_JOB_LOCK_MS,
    logger,
    engines: createDoctor(),
  })

  let isStopping = false
  const stop = async () => {
    if (isStopping) process.exit(1)
    isStopping = true
    logger.info('The worker stops.')
    await worker.close()
    process.exit(0)
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
}
