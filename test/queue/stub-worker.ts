import { readConfig } from '../../src/config.ts'
import { createLogger } from '../../src/logger.ts'
import { startTrainingWorker } from '../../src/queue/worker/worker.ts'
import { inFolder } from '../../src/storage/open-store.ts'

/** A worker process like `marquee work`, but with the stub training. */
const config = readConfig()
const worker = await startTrainingWorker({
  redisUrl: config.REDIS_URL,
  prefix: config.MARQUEE_QUEUE_PREFIX,
  store: inFolder(config.MARQUEE_STORE),
  backend: 'wasm',
  lockMs: config.MARQUEE_JOB_LOCK_MS,
  logger: createLogger('info'),
  processorFile: new URL('./stub-processor.ts', import.meta.url),
})
process.on('SIGTERM', () => worker.close(1_000).then(() => process.exit(0)))
