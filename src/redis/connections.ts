import { Redis, type RedisOptions } from 'ioredis'
import type { Logger } from 'pino'

/**
 * A connection for requests that someone waits for: a command that cannot be answered fails, at
 * once when Redis is away and after two seconds when it is silent. It heals by itself.
 */
export function openProducerConnection(redisUrl: string, logger: Logger): Redis {
  return open(redisUrl, logger, {
    commandTimeout: 2_000,
    connectTimeout: 2_000,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
  })
}

/**
 * A connection for work that outlives an outage: its commands wait until Redis is back. After
 * `closing` is aborted neither it nor a duplicate of it waits any longer.
 */
export function openWorkerConnection(
  redisUrl: string,
  logger: Logger,
  closing?: AbortSignal,
): Redis {
  return open(redisUrl, logger, { maxRetriesPerRequest: null }, closing)
}

type Patience = Pick<
  RedisOptions,
  'commandTimeout' | 'connectTimeout' | 'enableOfflineQueue' | 'maxRetriesPerRequest'
>

function open(redisUrl: string, logger: Logger, patience: Patience, closing?: AbortSignal): Redis {
  const retryStrategy = (times: number) => (closing?.aborted ? null : Math.min(times * 100, 1_000))
  const redis = new Redis(redisUrl, { retryStrategy, ...patience })
  let isAway = false
  let reason: unknown
  redis.on('error', (error) => {
    reason = error
  })
  redis.on('reconnecting', () => {
    if (!isAway) logger.warn({ err: reason }, 'Redis is away.')
    isAway = true
  })
  redis.on('ready', () => {
    if (isAway) logger.info('Redis is back.')
    isAway = false
  })
  return redis
}
