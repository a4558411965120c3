import type { EventEmitter } from 'node:events'
import type { Redis, RedisOptions } from 'ioredis'
import type { Logger } from 'pino'
import { Connection } from './connection.ts'
import { connectionOptions, isBraced, type RedisSettings } from './options.ts'
import { slotConnector } from './slot-connector.ts'

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
export function openProducerConnection(settings: RedisSettings, logger: Logger): Redis {
  return open(settings, logger, {
    commandTimeout: 2_000,
    connectTimeout: 2_000,
    // A silent node may have another in its place.
    socketTimeout: 3_000,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
  })
}

/**
 * A connection for questions that Redis holds for a second until there is something to tell; they
 * fail at once when it is away and after four seconds when it is silent.
 */
export function openFollowerConnection(settings: RedisSettings, logger: Logger): Redis {
  return open(settings, logger, {
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
  settings: RedisSettings,
  logger: Logger,
  closing?: AbortSignal,
): Redis {
  // BullMQ's questions are held for ten seconds at most.
  const patience = { socketTimeout: 20_000, maxRetriesPerRequest: null }
  return open(settings, logger, patience, closing)
}

type Patience = Pick<
  RedisOptions,
  | 'commandTimeout'
  | 'connectTimeout'
  | 'socketTimeout'
  | 'enableOfflineQueue'
  | 'maxRetriesPerRequest'
>

/** The one way to a connection: to a server, the master that Sentinels name, or a cluster's node. */
function open(
  settings: RedisSettings,
  logger: Logger,
  patience: Patience,
  closing?: AbortSignal,
): Redis {
  const { address, options } = connectionOptions(settings)
  const { nodes, sentinel } = address
  const retryStrategy = (times: number) => (closing?.aborted ? null : Math.min(times * 100, 1_000))
  const isPlaced = isBraced(settings.prefix) && !sentinel && nodes.length > 0
  return new Connection(
    {
      ...options,
      ...(sentinel && {
        sentinels: [...nodes],
        name: sentinel.master,
        ...(sentinel.username !== null && { sentinelUsername: sentinel.username }),
        ...(sentinel.password !== null && { sentinelPassword: sentinel.password }),
        ...(options.tls && { enableTLSForSentinelMode: true, sentinelTLS: options.tls }),
        sentinelCommandTimeout: 2_000,
        sentinelRetryStrategy: (times: number) => retryStrategy(times),
      }),
      ...(isPlaced && { Connector: slotConnector(settings.prefix, nodes, options) }),
      ...patience,
      retryStrategy,
      // How long until it is asked again whether it has loaded its data.
      maxLoadingRetryTime: 1_000,
    },
    { logger, isPlaced },
  )
}
