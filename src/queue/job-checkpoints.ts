import type { ObjectStore } from '../storage/object-store.ts'
import type { Checkpoints } from '../training/checkpoint.ts'

export type JobCheckpoints = Checkpoints & {
  /** To be called when no later attempt will need them. */
  clear(): Promise<void>
}

const intervalMs = 20_000

/**
 * The checkpoints of a job in the store, the newest in place of the one before, every 20 s at most:
 * so much is lost when its process is killed.
 */
export function jobCheckpoints(store: ObjectStore, jobId: string): JobCheckpoints {
  const key = `checkpoints/${jobId}.safetensors`
  return {
    load: () => store.get(key),
    save: (parts) => store.put(key, parts),
    clear: () => store.remove(key),
    intervalMs,
  }
}
