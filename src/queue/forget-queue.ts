import { pino } from 'pino'
import { firstAnswer, openProducerConnection } from '../redis/connections.ts'
import { findRedis } from '../redis/find-redis.ts'
import type { RedisSettings } from '../redis/options.ts'

/** Removes all that is kept in Redis under a prefix; nobody may be using it any more. */
export async function forgetQueue(settings: RedisSettings): Promise<void> {
  const found = await findRedis(settings)
  // What fails is told by the command that waits for it.
  const redis = openProducerConnection(found, pino({ level: 'silent' }))
  try {
    await firstAnswer(redis)
    for await (const keys of redis.scanStream({ match: `${found.prefix}:*`, count: 1_000 }))
      if (keys.length > 0) await redis.unlink(...keys)
  } finally {
    redis.disconnect()
  }
}
