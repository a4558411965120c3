import type { EventEmitter } from 'node:events'
import { Redis, type RedisOptions } from 'ioredis'
import type { Logger } from 'pino'

const firstConnectionMs = 2_500

/** Resolves when Redis has answered, has refused, or was silent for too long. */
export function firstAnswer(redis: EventEmitter): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, firstConnectionMs)
    for (const event of ['ready', 'close'])
      redis.once(event, () => {
        clearTimeout(timer)
        resolve()
      })
  })
}

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
 * A connection for questions that Redis holds for a second until there is something to tell; they
 * fail at once when it is away and after four seconds when it is silent.
 */
export function openFollowerConnection(redisUrl: string, logger: Logger): Redis {
  return open(redisUrl, logger, {
    commandTimeout: 4_000,
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
