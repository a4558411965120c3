import type { Logger } from 'pino'
import { openProducerConnection } from './connections.ts'
import type { RedisSettings } from './options.ts'

/** Counts by minute and name that all processes add to; they fail at once while Redis is away. */
export function openSharedCounts(settings: RedisSettings & { logger: Logger }) {
  const redis = openProducerConnection(settings, settings.logger)
  const keptSeconds = 60
  return {
    /** Adds to the counts of these names in this minute; gives what they are now, in their order. */
    async add(minute: number, added: ReadonlyMap<string, number>): Promise<number[]> {
      const pipeline = redis.pipeline()
      for (const [name, count] of added) {
        const key = `${settings.prefix}:requests:${minute}:${name}`
        pipeline.incrby(key, count).expire(key, keptSeconds)
      }
      const answers = (await pipeline.exec()) ?? []
      return answers
        .filter((_, i) => i % 2 === 0)
        .map(([error, total]) => {
          if (error) throw error
          return total as number
        })
    },
    close: () => redis.disconnect(),
  }
}
