import { readConfig } from '../../src/config.ts'
import { createLogger } from '../../src/logger.ts'
import { startTickWorker } from '../../src/queue/schedules/tick-worker.ts'
import { createFileStore } from '../../src/storage/file-store.ts'

/** A process that runs schedules like `marquee work`, but none of the trainings. */
const config = readConfig()
const logger = createLogger('info')
startTickWorker({
  redisUrl: config.REDIS_URL,
  prefix: config.MARQUEE_QUEUE_PREFIX,
  store: createFileStore(config.MARQUEE_STORE),
  attempts: 1,
  lockMs: config.MARQUEE_JOB_LOCK_MS,
  logger,
})
logger.info('The worker takes jobs.')
