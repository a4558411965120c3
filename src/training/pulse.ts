import { setImmediate as nextTurn } from 'node:timers/promises'
import { MarqueeError } from '../errors.ts'
import type { ProgressMeter } from './progress/meter.ts'

/**
 * Keeps a long computation a good neighbour: ask `isDue()` between steps, and when it is,
 * `await beat(share)`, which lets the event loop run, reports the share done (0 … 1) and throws a
 * `cancelled` error once the signal is aborted.
 */
export type Pulse = {
  isDue(): boolean
  beat(share: number): Promise<void>
}

/** The pulse of what has steps of its own in the plan of a job. */
export type StepPulse = Pulse & {
  /** Begins a step: from now on 0 … 1 are the step's. */
  step(...args: Parameters<ProgressMeter['begin']>): StepPulse
  /** The steps of this part of the plan begin anew. */
  again(): void
  /** The present step is more or less work than planned. */
  resize(...args: Parameters<ProgressMeter['resize']>): void
}

const intervalMs = 40

/** A pulse that is due every 40 ms, and tells the meter, where there is one. */
export function createPulse(signal?: AbortSignal, meter?: ProgressMeter): StepPulse {
  let last = performance.now()
  const pulse: StepPulse = {
    isDue: () => performance.now() - last >= intervalMs,
    async beat(share) {
      await nextTurn()
      last = performance.now()
      if (signal?.aborted) throw new MarqueeError('cancelled', 'The training was cancelled.')
      meter?.advance(share)
    },
    step(...step) {
      meter?.begin(...step)
      return pulse
    },
    again: () => meter?.again(),
    resize: (...size) => meter?.resize(...size),
  }
  return pulse
}

/** A part of a longer computation's pulse: its 0 … 1 are `from` … `to` of the whole. */
export function partOf<Of extends Pulse>(pulse: Of, from: number, to: number): Of {
  return { ...pulse, beat: (share: number) => pulse.beat(from + (to - from) * share) }
}
