import type { Redis } from 'ioredis'
import { MarqueeError } from '../errors.ts'
import type { ObjectStore } from '../storage/object-store.ts'
import { storeId } from '../storage/store-id.ts'

/** So long after the last `serve` has gone another store may take its place. */
const seconds = 30

const other =
  'A serve that is running over this Redis has another store: give every serve and work the same MARQUEE_STORE, or this one a MARQUEE_QUEUE_PREFIX of its own.'

/** A `store-unavailable` error where a `serve` over this Redis has another store. */
export async function assertSameStore(
  redis: Redis,
  prefix: string,
  store: ObjectStore,
): Promise<void> {
  const differs = await otherStore(redis, prefix, await storeId(store))
  if (differs !== null) throw new MarqueeError('store-unavailable', differs)
}

/** Why a process with a store of this id has nothing to do here; null where it may work. */
async function otherStore(redis: Redis, prefix: string, id: string): Promise<string | null> {
  const known = await redis.get(`${prefix}:store`)
  return known === null || known === id ? null : other
}

/**
 * Says for a while that the store of this `serve` is the one; or why it is not, where another said so
 * before.
 */
export async function claimStore(redis: Redis, prefix: string, id: string): Promise<string | null> {
  const key = `${prefix}:store`
  // A full Redis refuses SET, also with NX, but not EXPIRE.
  if ((await redis.get(key)) === null) await redis.set(key, id, 'EX', seconds, 'NX')
  const differs = await otherStore(redis, prefix, id)
  if (differs === null) await redis.expire(key, seconds)
  return differs
}
