import type { JobProgress } from '../../../model/progress.ts'
import type { ToldProgress } from './job-meter.ts'

/** What a worker says of the job that it has, whether its child has time to speak or not. */
export type ProgressTeller = {
  /** Takes what the child tells. */
  hear(told: ToldProgress): void
  /** How far the job is by now. */
  now(): JobProgress
}

/** So much of what a step is to take passes in silence at most. */
const mostSilent = 0.95

/**
 * A teller of one job. What the child told last goes on by the clock: a child computes for seconds
 * without a look at its event loop.
 */
export function createProgressTeller(
  worker: NonNullable<JobProgress['worker']>,
  now = () => performance.now(),
): ProgressTeller {
  let last: { readonly told: ToldProgress; readonly at: number } | null = null
  let highest = 0
  return {
    hear(told) {
      last = { told, at: now() }
    },
    now() {
      const at = new Date().toISOString()
      const common = { place: null, worker, at }
      if (!last)
        return {
          ...{ phase: 'loading', step: null, work: null, share: 0, secondsLeft: null },
          ...{ engine: null, device: null, ...common },
        }
      const { phase, step, work, engine, device, ...told } = last.told
      const silent = (now() - last.at) / 1_000
      const gone = Math.min(silent, mostSilent * told.stepSecondsLeft)
      const left = told.secondsLeft === null ? null : told.secondsLeft - gone
      const elapsed = told.elapsedSeconds + silent
      // A job is done only once it has ended.
      const share = left === null ? told.share : Math.min(0.999, elapsed / (elapsed + left))
      highest = Math.max(highest, Math.min(0.999, told.share), share)
      return {
        ...{ phase, step, work, engine, device, ...common },
        share: rounded(highest, 4),
        secondsLeft: left === null ? null : rounded(left, 1),
      }
    },
  }
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits))
}
