import { MarqueeError } from '../../errors.ts'
import type { Attempt, AttemptState } from './fence.ts'
import type { JobTools } from './job-tools.ts'

/** What a worker ends with whose attempt does not count. */
export function refusal(state: Exclude<AttemptState, 'newest'>): Error {
  return state === 'cancelled'
    ? new MarqueeError('cancelled', 'The training was cancelled.')
    : new Error('Another worker has taken the job over.')
}

/** The next attempt, or an error that says why this worker may not. */
export async function beginOrRefuse(tools: Pick<JobTools, 'begin'>): Promise<Attempt> {
  const attempt = await tools.begin()
  if (typeof attempt === 'string') throw refusal(attempt)
  return attempt
}

/** Resolves when the attempt may end the job; an error says why not. */
export async function claimOrRefuse(attempt: Attempt): Promise<void> {
  const state = await attempt.claimPublication()
  if (state !== 'newest') throw refusal(state)
}

/** How an attempt stands while it works, by the answers to what it reports. */
export type AttemptWatch = {
  /** Aborted with the signal that was given, or once the attempt no longer counts. */
  readonly signal: AbortSignal
  readonly state: AttemptState
  /** Not awaited: work goes on while Redis is away, and the reports wait their turn. */
  hear(answer: Promise<AttemptState>): void
  /** What the work is to end with when it ended with this error. */
  errorOf(error: unknown): unknown
}

/** A watch over an attempt that has just begun. */
export function watchAttempt(signal: AbortSignal): AttemptWatch {
  const stop = new AbortController()
  let state: AttemptState = 'newest'
  return {
    signal: AbortSignal.any([signal, stop.signal]),
    get state() {
      return state
    },
    hear(answer) {
      answer.then(
        (heard) => {
          state = heard
          if (state !== 'newest') stop.abort()
        },
        () => {},
      )
    },
    errorOf: (error) => (state === 'newest' ? error : refusal(state)),
  }
}
