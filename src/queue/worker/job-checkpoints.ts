import type { ObjectStore } from '../../storage/object-store.ts'
import type { Checkpoints } from '../../training/fit/checkpoint.ts'

export type JobCheckpoints = {
  /** Those of a training on this version of the data; another version's are not looked at. */
  on(dataVersion: string): Checkpoints
  /** To be called when no later attempt will need them. */
  clear(): Promise<void>
}

/**
 * The checkpoints of a job in the store, the newest in place of the one before, `intervalMs` apart
 * at least: so much is lost when its process is killed.
 */
export function jobCheckpoints(
  store: ObjectStore,
  jobId: string,
  intervalMs: number,
): JobCheckpoints {
  const folder = `checkpoints/${jobId}/`
  return {
    on(dataVersion) {
      const key = `${folder}${dataVersion}.safetensors`
      return {
        load: () => store.get(key),
        save: (parts) => store.put(key, parts),
        intervalMs,
      }
    },
    async clear() {
      for (const key of await store.list(folder)) await store.remove(key)
    },
  }
}
