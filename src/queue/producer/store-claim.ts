import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import { claimStore } from '../same-store.ts'

const everyMs = 10_000

/** What a `serve` knows of the stores of others. */
export type StoreClaim = {
  /** Why this process should have another store; null where it need not, or it is not known. */
  reason(): string | null
  close(): void
}

/** Says in Redis, again and again, which store this process has; a difference is logged once. */
export function keepStoreClaim(
  redis: Redis,
  prefix: string,
  storeId: () => Promise<string>,
  logger: Logger,
): StoreClaim {
  let reason: string | null = null
  let id: string | null = null
  const claim = async () => {
    const before = reason
    try {
      // A store that was away, or took no writes, is asked again.
      id ??= await storeId()
      reason = await claimStore(redis, prefix, id)
    } catch {
      // While Redis is away, what was known holds.
    }
    if (reason !== null && before === null) logger.error({ reason }, 'The store is not the one.')
  }
  const timer = setInterval(claim, everyMs).unref()
  void claim()
  redis.on('ready', claim)
  return {
    reason: () => reason,
    close() {
      clearInterval(timer)
      redis.off('ready', claim)
    },
  }
}
