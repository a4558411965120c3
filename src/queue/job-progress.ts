import type { Redis } from 'ioredis'
import { type JobProgress, jobProgressSchema } from '../model/progress.ts'
import { expirySeconds, type JobKeys } from './job-keys.ts'

/** Only of the worker that has the job. */
const tellScript = `
  if redis.call('GET', KEYS[2]) ~= ARGV[1] then return end
  redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3])`

/** Keeps how far a job is, unless `token` is no longer the one that BullMQ has locked it with. */
export async function writeProgress(
  redis: Redis,
  { progress, lock }: JobKeys,
  token: string,
  told: JobProgress,
): Promise<void> {
  await redis.eval(tellScript, 2, progress, lock, token, JSON.stringify(told), expirySeconds)
}

/** What was told last; null where nothing was, or by a release that does not fit. */
export async function readProgress(redis: Redis, keys: JobKeys): Promise<JobProgress | null> {
  return (await readProgresses(redis, [keys]))[0]!
}

/** The same of each of some jobs. */
export async function readProgresses(
  redis: Redis,
  jobs: readonly JobKeys[],
): Promise<(JobProgress | null)[]> {
  const texts = await redis.mget(jobs.map(({ progress }) => progress))
  return texts.map((text) => {
    const progress = jobProgressSchema.safeParse(text === null ? null : JSON.parse(text))
    return progress.success ? progress.data : null
  })
}
