import type { Redis } from 'ioredis'
import { jobKeys } from './job-keys.ts'

/** Whether a job waits or runs. */
export async function isUnfinished(redis: Redis, prefix: string, id: string): Promise<boolean> {
  const { job } = jobKeys(prefix, id)
  return (await redis.exists(job)) === 1 && (await redis.hexists(job, 'finishedOn')) === 0
}
