import type { Redis } from 'ioredis'
import type { Logger } from 'pino'

/**
 * Warns where Redis is not set to keep what it was told: with an append-only file, and without
 * throwing keys away when memory is short. Says so, too, where it does not tell (managed ones).
 */
export async function checkRedis(redis: Redis, logger: Logger): Promise<void> {
  try {
    const settings = new Map<string, string>()
    const reply = (await redis.config('GET', 'appendonly', 'maxmemory-policy')) as string[]
    for (let i = 0; i + 1 < reply.length; i += 2) settings.set(reply[i]!, reply[i + 1]!)
    const policy = settings.get('maxmemory-policy')
    if (policy !== 'noeviction')
      logger.warn(
        { 'maxmemory-policy': policy },
        'Redis may throw ratings and jobs away when memory is short: set maxmemory-policy noeviction.',
      )
    if (settings.get('appendonly') !== 'yes')
      logger.warn(
        { appendonly: settings.get('appendonly') },
        'Redis loses live ratings that are not folded yet when it ends: set appendonly yes.',
      )
  } catch (error) {
    if (redis.status !== 'ready') return
    logger.warn(
      { reason: (error as Error).message },
      'Redis does not tell its settings: it should have appendonly yes and maxmemory-policy noeviction.',
    )
  }
}
