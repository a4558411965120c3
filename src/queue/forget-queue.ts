import { Redis } from 'ioredis'

/** Removes all that the queue with this prefix keeps in Redis; nobody may be using it any more. */
export async function forgetQueue(redisUrl: string, prefix: string): Promise<void> {
  const redis = new Redis(redisUrl, { maxRetriesPerRequest: 3 })
  // What fails is told by the command that waits for it.
  redis.on('error', () => {})
  try {
    for await (const keys of redis.scanStream({ match: `${prefix}:*`, count: 1_000 }))
      if (keys.length > 0) await redis.unlink(...keys)
  } finally {
    redis.disconnect()
  }
}
