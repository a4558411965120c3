import type { Logger } from 'pino'
import { type Config, readConfig, redisOf, storeOf } from '../config.ts'
import { MarqueeError } from '../errors.ts'
import { startCompactor } from '../live/folding/compactor.ts'
import { createLogger } from '../logger.ts'
import { isUnfinished } from '../queue/is-unfinished.ts'
import { assertSameStore } from '../queue/same-store.ts'
import { startTickWorker } from '../queue/schedules/tick-worker.ts'
import { createJobMetrics, type JobMetrics } from '../queue/worker/progress/job-metrics.ts'
import { startTrainingWorker } from '../queue/worker/worker.ts'
import { openWorkerConnection } from '../redis/connections.ts'
import { faultOf } from '../redis/faults.ts'
import { awaitRedis, findRedis } from '../redis/find-redis.ts'
import type { RedisSettings } from '../redis/options.ts'
import { keepBatchesSwept, keepSwept } from '../storage/integrity/sweep.ts'
import { createStore, probeStore } from '../storage/open-store.ts'
import { createDoctor } from './doctor/ask-doctor.ts'
import { processMetrics } from './process-metrics.ts'
import { openWorkerPort } from './worker-port.ts'

/**
 * Runs `marquee work`: takes training jobs until it is told to stop; told twice, it stops at once.
 */
export async function work(): Promise<void> {
  const config = readConfig()
  const logger = createLogger(config.LOG_LEVEL)
  const reason = await probeStore(storeOf(config))
  if (reason !== null) logger.warn({ reason }, 'The store takes no writes.')
  keepSwept(storeOf(config), logger)
  const stopping = new AbortController()
  let closing = async () => {}
  const stop = async () => {
    if (stopping.signal.aborted) process.exit(1)
    stopping.abort()
    logger.info('The worker stops.')
    await closing()
    process.exit(0)
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)

  const register = processMetrics()
  const metrics = createJobMetrics(register)
  const port = await openWorkerPort({
    config,
    register,
    logger,
    isClosing: () => stopping.signal.aborted,
  })
  const settings = redisOf(config)
  const redis = await findRedis(settings).catch((error: unknown) => {
    if (error instanceof MarqueeError) throw error
    const { code, sentence } = faultOf(error)
    logger.warn({ code, reason: sentence, err: error }, 'The worker waits for Redis.')
    return awaitRedis(settings, stopping.signal)
  })
  if (!redis) return
  await port?.follow(redis)
  closing = await start(config, redis, { metrics, logger })
}

/** Starts all that a worker does; gives the way to end it. */
async function start(
  config: Config,
  redis: RedisSettings,
  { metrics, logger }: { metrics: JobMetrics; logger: Logger },
): Promise<() => Promise<void>> {
  const store = createStore(storeOf(config))
  const connection = openWorkerConnection(redis, logger)
  await assertSameStore(connection, redis.prefix, store).catch((error: unknown) => {
    connection.disconnect()
    throw error
  })
  keepBatchesSwept(store, {
    days: config.MARQUEE_BATCH_DAYS,
    isUnfinished: (job) => isUnfinished(connection, redis.prefix, job),
    logger,
  })
  const lockMs = config.MARQUEE_JOB_LOCK_MS
  const worker = await startTrainingWorker({
    ...redis,
    store: storeOf(config),
    backend: config.MARQUEE_TENSORFLOW_BACKEND,
    lockMs,
    logger,
    kinds: config.MARQUEE_WORKER_KINDS,
    concurrency: config.MARQUEE_WORKER_CONCURRENCY,
    engines: createDoctor(),
    metrics,
  })
  const mostEvents = config.MARQUEE_LIVE_EVENTS
  const compactor = startCompactor({ ...redis, store, mostEvents, logger })
  const attempts = config.MARQUEE_JOB_ATTEMPTS
  const ticks = startTickWorker({ ...redis, store, attempts, lockMs, logger })
  return async () => {
    await Promise.all([compactor.close(), ticks.close(), worker.close()])
    connection.disconnect()
  }
}
