import { setImmediate as nextTurn } from 'node:timers/promises'
import { MarqueeError } from '../errors.ts'

/**
 * Keeps a long computation a good neighbour: ask `isDue()` between steps, and when it is,
 * `await beat(share)`, which lets the event loop run, reports the share done (0 … 1) and throws a
 * `cancelled` error once the signal is aborted.
 */
export type Pulse = {
  isDue(): boolean
  beat(share: number): Promise<void>
}

const intervalMs = 40

/** A pulse that is due every 40 ms. */
export function createPulse(signal?: AbortSignal, onProgress?: (share: number) => void): Pulse {
  let last = performance.now()
  return {
    isDue: () => performance.now() - last >= intervalMs,
    async beat(share) {
      await nextTurn()
      last = performance.now()
      if (signal?.aborted) throw new MarqueeError('cancelled', 'The training was cancelled.')
      onProgress?.(share)
    },
  }
}

/** A part of a longer computation's pulse: its 0 … 1 are `from` … `to` of the whole. */
export function partOf(pulse: Pulse, from: number, to: number): Pulse {
  return { isDue: pulse.isDue, beat: (share) => pulse.beat(from + (to - from) * share) }
}
