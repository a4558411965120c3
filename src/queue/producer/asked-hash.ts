import { createHmac, randomBytes } from 'node:crypto'
import type { Redis } from 'ioredis'
import { askedBy } from '../../model/spec/batch-spec.ts'
import type { JobRequest } from '../job-request.ts'

const expirySeconds = 24 * 3_600

/**
 * A hash of who is asked for by id, by which identical jobs are found; null where nobody is. It stays
 * with the job, but its key is forgotten within a day: from then on nobody can try ids against it.
 */
export async function askedHash(
  redis: Redis,
  prefix: string,
  request: JobRequest,
): Promise<string | null> {
  if (request.kind !== 'recommend-all') return null
  const asked = askedBy(request)
  // A file serves one job.
  if (!asked) return request.input ?? null
  const name = `${prefix}:asked-key`
  const drawn = randomBytes(32).toString('hex')
  await redis.set(name, drawn, 'EX', expirySeconds, 'NX')
  const key = (await redis.get(name)) ?? drawn
  return createHmac('sha256', key).update(JSON.stringify(asked)).digest('hex')
}
