import { createHash } from 'node:crypto'
import type { Ratings } from '../../model/data/ratings.ts'
import type { ObjectStore } from '../../storage/object-store.ts'
import type { TrainingMaterial } from '../../storage/training-material.ts'
import type { Checkpoints } from '../../training/fit/checkpoint.ts'

export type JobCheckpoints = {
  /** Those of a training on exactly these rows in this version of the data; no others are looked at. */
  on(material: Pick<TrainingMaterial, 'dataVersion' | 'ratings'>): Checkpoints
  /** To be called when no later attempt will need them. */
  clear(): Promise<void>
}

/** What a worker that is told to stop tells the training that runs in it. */
export const endingSoon = 'ending-soon'

/**
 * The checkpoints of a job in the store, the newest in place of the one before, `intervalMs` apart
 * at least: so much is lost when its process is killed. Once the job is soon handed back there is one
 * after each epoch.
 */
export function jobCheckpoints(
  store: ObjectStore,
  jobId: string,
  intervalMs: number,
  isEndingSoon = () => false,
): JobCheckpoints {
  const folder = `checkpoints/${jobId}/`
  return {
    on({ dataVersion, ratings }) {
      const key = `${folder}${dataVersion}-${fingerprintOf(ratings)}.safetensors`
      return {
        load: () => store.get(key),
        save: (parts) => store.put(key, parts),
        get intervalMs() {
          return isEndingSoon() ? 0 : intervalMs
        },
      }
    },
    async clear() {
      for (const key of await store.list(folder)) await store.remove(key)
    },
  }
}

/**
 * A name for the rows in their order: where segments were put together, what was rated once more
 * behind the marks of a job is there no more as it was before them.
 */
function fingerprintOf({ users, movies, ...columns }: Ratings): string {
  const hash = createHash('sha256')
  for (const { text, offsets } of [users.table, movies.table])
    hash.update(text).update(bytesOf(offsets))
  for (const name of ['userIndex', 'movieIndex', 'rating', 'timestamp'] as const)
    hash.update(bytesOf(columns[name]))
  return hash.digest('hex').slice(0, 16)
}

function bytesOf({ buffer, byteOffset, byteLength }: Uint32Array | Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}
