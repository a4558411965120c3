import { setTimeout as sleep } from 'node:timers/promises'
import { MarqueeError } from '../../errors.ts'
import type { ObjectStore } from '../object-store.ts'
import { owner } from '../owner.ts'

const probedMs = 1_000
/** Whoever asks how the store is waits no longer, be it silent. */
const silentMs = 2_000
const silent = new MarqueeError('store-unavailable', 'The store gives no answer.')
/** Of this process alone: another's removal would look like a fault of the disk. */
const probeKey = `probe/${owner}`

/**
 * Gives the way to ask why a store takes no writes, null where it does; it is tried once a second at most.
 * With less than `leastRoom`, in bytes, it counts as full.
 */
export function createStoreProbe(
  store: ObjectStore,
  leastRoom: number,
): () => Promise<MarqueeError | null> {
  const probe = async (): Promise<MarqueeError | null> => {
    try {
      await store.put(probeKey, [Buffer.alloc(4_096)])
      await store.remove(probeKey)
      const room = await store.room()
      if (room >= leastRoom) return null
      const mebibytes = Math.round(room / 1_048_576)
      return new MarqueeError('out-of-space', `The store has only ${mebibytes} MiB left.`)
    } catch (error) {
      if (error instanceof MarqueeError) return error
      throw error
    }
  }
  let probed: { at: number; fault: Promise<MarqueeError | null> } | null = null
  let isProbing = false

  return () => {
    if (!isProbing && (!probed || Date.now() - probed.at > probedMs)) {
      isProbing = true
      const fault = probe().finally(() => {
        isProbing = false
      })
      probed = { at: Date.now(), fault }
    }
    return within(silentMs, probed!.fault, silent)
  }
}

/** The result, or something else after so long. */
export async function within<T>(
  ms: number,
  result: Promise<T>,
  otherwise: T | null,
): Promise<T | null> {
  const over = new AbortController()
  const late = sleep(ms, otherwise, { ref: false, signal: over.signal }).catch(() => otherwise)
  return Promise.race([result, late]).finally(() => over.abort())
}
