import { setTimeout as sleep } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import { placeOf } from '../../model/experiments/assignment.ts'
import { endedExperiments, runningExperiment } from '../../storage/experiments/experiments.ts'
import type { ObjectStore } from '../../storage/object-store.ts'
import { heldMs } from './experiment-counts.ts'
import { experimentKeys } from './experiment-keys.ts'

/**
 * Removes what a user was shown in experiments, and that they were in one; the sums of the arms stay.
 * First waits until the servers have counted what they still held.
 */
export async function forgetUser(
  userId: string,
  { redis, prefix, store }: { redis: Redis; prefix: string; store: ObjectStore },
): Promise<void> {
  const running = await runningExperiment(store)
  if (running) await sleep(heldMs)
  for (const experiment of [...(running ? [running] : []), ...(await endedExperiments(store))]) {
    const { key } = placeOf(experiment, userId)
    const { shown, users } = experimentKeys(prefix, experiment.id)
    await redis.unlink(shown(key))
    await redis.hdel(users, key)
  }
}
