import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import type { LiveKeys } from '../live-keys.ts'

const expiryMs = 30_000
const pollMs = 200
const renewScript = `
  if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end`
const releaseScript = `if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end`

/**
 * Does work on what is stored that nobody else may do meanwhile: putting segments of live events
 * together, pruning models, beginning or publishing a batch, or taking a user out of any of them. Waits
 * its turn, or with `isOptional` gives it up and gives null; a holder that was killed loses it after
 * half a minute.
 */
export async function exclusively<T>(
  redis: Redis,
  keys: LiveKeys,
  work: () => Promise<T>,
): Promise<T>
export async function exclusively<T>(
  redis: Redis,
  keys: LiveKeys,
  work: () => Promise<T>,
  options: { readonly isOptional: true },
): Promise<T | null>
export async function exclusively<T>(
  redis: Redis,
  { rewriting: key }: LiveKeys,
  work: () => Promise<T>,
  { isOptional = false } = {},
): Promise<T | null> {
  const token = randomBytes(8).toString('hex')
  while ((await redis.set(key, token, 'PX', expiryMs, 'NX')) === null) {
    if (isOptional) return null
    await sleep(pollMs)
  }
  const renewal = setInterval(() => {
    redis.eval(renewScript, 1, key, token, expiryMs).catch(() => {})
  }, expiryMs / 3)
  try {
    return await work()
  } finally {
    clearInterval(renewal)
    await redis.eval(releaseScript, 1, key, token).catch(() => {})
  }
}
