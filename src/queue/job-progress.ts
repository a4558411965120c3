import type { Redis } from 'ioredis'
import { type JobProgress, jobProgressSchema } from '../model/progress.ts'
import { expirySeconds, type JobKeys } from './job-keys.ts'

/** Only of the worker that has the job. Of a job that had parts it is what is left after them. */
const tellScript = `
  if redis.call('GET', KEYS[2]) ~= ARGV[1] then return end
  local told = ARGV[2]
  local base = tonumber(redis.call('HGET', KEYS[3], 'base') or 0)
  if base > 0 then
    local after = cjson.decode(told)
    after.share = math.floor((base + (1 - base) * after.share) * 10000) / 10000
    told = cjson.encode(after)
  end
  redis.call('SET', KEYS[1], told, 'EX', ARGV[3])`

/** Keeps how far a job is, unless `token` is no longer the one that BullMQ has locked it with. */
export async function writeProgress(
  redis: Redis,
  { progress, lock, parts }: JobKeys,
  token: string,
  told: JobProgress,
): Promise<void> {
  await redis.eval(tellScript, 3, progress, lock, parts, token, JSON.stringify(told), expirySeconds)
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

/**
 * Adds up what the parts of a job have done, each counted at the most that was told of it; the time
 * that is left follows from the time since the first began. Only of the worker that has the part.
 */
const tellPartScript = `
  if redis.call('GET', KEYS[3]) ~= ARGV[1] then return end
  local before = tonumber(redis.call('HGET', KEYS[2], ARGV[2]) or 0)
  redis.call('HSET', KEYS[2], ARGV[2], math.max(before, tonumber(ARGV[3])))
  redis.call('HSETNX', KEYS[2], 'since', ARGV[6])
  redis.call('HSET', KEYS[2], 'base', ARGV[8])
  local told = cjson.decode(ARGV[4])
  local done, total = 0, tonumber(ARGV[5])
  local parts = redis.call('HGETALL', KEYS[2])
  for i = 1, #parts, 2 do
    if parts[i] ~= 'since' and parts[i] ~= 'base' then done = done + tonumber(parts[i + 1]) end
  end
  local seconds = (tonumber(ARGV[6]) - tonumber(redis.call('HGET', KEYS[2], 'since'))) / 1000
  local share = math.max(0, math.min(0.999, done / math.max(1, total)))
  share = share * tonumber(ARGV[8])
  told.share = math.floor(share * 10000) / 10000
  told.work.done = math.floor(math.min(done, total))
  if share > 0 then told.secondsLeft = math.ceil(seconds * (1 - share) / share) end
  redis.call('SET', KEYS[1], cjson.encode(told), 'EX', ARGV[7])
  redis.call('EXPIRE', KEYS[2], ARGV[7])`

/** What a worker tells of a part of a job. */
export type PartProgress = {
  readonly part: string
  /** Of what the whole job counts. */
  readonly done: number
  readonly total: number
  /** The share of the job that all parts are. */
  readonly base: number
  /** The progress of the whole job, without what follows from the parts. */
  readonly told: JobProgress
}

/** Keeps how far a job is by what its parts have done, unless the part is another worker's by now. */
export async function writePartProgress(
  redis: Redis,
  { progress, parts }: JobKeys,
  { lock, token }: { readonly lock: string; readonly token: string },
  { part, done, total, base, told }: PartProgress,
): Promise<void> {
  const values = [token, part, done, JSON.stringify(told), total, Date.now(), expirySeconds]
  await redis.eval(tellPartScript, 3, progress, parts, lock, ...values, base)
}
