import type { Redis } from 'ioredis'
import { jobKeys, queueName } from '../job-keys.ts'

/**
 * BullMQ's own writes the lock anew, which a full Redis refuses, and gives a job up whose lock has
 * expired while Redis was away, though nobody else has it: it is active still, and without a lock.
 */
const keepScript = `
  local token = redis.call('GET', KEYS[1])
  if token and token ~= ARGV[1] then return 0 end
  if token then
    redis.call('PEXPIRE', KEYS[1], ARGV[3])
  else
    if not redis.call('LPOS', KEYS[2], ARGV[2]) then return 0 end
    redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[3])
  end
  redis.call('SREM', KEYS[3], ARGV[2])
  return 1`

/** Keeps a worker's lock of a job for so long from now; false where the job is its no more. */
export async function keepLock(
  redis: Redis,
  prefix: string,
  { id, token, ms }: { readonly id: string; readonly token: string; readonly ms: number },
): Promise<boolean> {
  const queue = (name: string) => `${prefix}:${queueName}:${name}`
  const keys = [jobKeys(prefix, id).lock, queue('active'), queue('stalled')]
  return (await redis.eval(keepScript, keys.length, ...keys, token, id, ms)) === 1
}
