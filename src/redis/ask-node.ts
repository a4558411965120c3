import { Redis } from 'ioredis'
import type { ConnectOptions } from './options.ts'

const patienceMs = 2_000

/**
 * Asks one server something over a connection of its own, which it closes. The error of a connection
 * that did not come about is the reason for that.
 */
export async function askNode<T>(
  options: ConnectOptions,
  question: (redis: Redis) => Promise<T>,
): Promise<T> {
  const redis = new Redis({
    ...options,
    lazyConnect: true,
    retryStrategy: null,
    enableReadyCheck: false,
    connectTimeout: patienceMs,
    commandTimeout: patienceMs,
    maxRetriesPerRequest: 0,
  })
  let reason: Error | undefined
  redis.on('error', (error) => {
    reason ??= error
  })
  try {
    await redis.connect()
    return await question(redis)
  } catch (error) {
    throw reason ?? error
  } finally {
    redis.disconnect()
  }
}
