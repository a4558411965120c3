import { UnrecoverableError } from 'bullmq'
import { type ErrorCode, errorCodes, MarqueeError, publicReason } from '../errors.ts'

/** Failures that a second attempt would only repeat. */
const final: ReadonlySet<ErrorCode> = new Set([
  'no-ratings',
  'invalid-request',
  'no-engine',
  'no-model',
  'no-intervals',
  'unknown-model',
  'diverged',
  'cancelled',
])

const faults: ReadonlySet<ErrorCode> = new Set([
  'internal',
  'out-of-space',
  'store-read-only',
  'store-unavailable',
])

/** So often may the worker of a job die without the job getting further. */
export const mostDeaths = 3

/** Whether a second attempt would only repeat this failure. */
export function isFinal(error: unknown): boolean {
  return error instanceof MarqueeError && final.has(error.code)
}

/** Whether it has a cause that only the log is to tell: the sentence of a job's failure does not. */
export function isFault(error: unknown): boolean {
  return !(error instanceof MarqueeError) || faults.has(error.code)
}

/**
 * The error that BullMQ is to see: a sandbox hands over only name and message, so the message is
 * `code: detail`, and the name says whether the job is tried again.
 */
export function asJobFailure(error: unknown): Error {
  const code = error instanceof MarqueeError ? error.code : 'internal'
  const message = `${code}: ${publicReason(error)}`
  return isFinal(error) ? new UnrecoverableError(message) : new Error(message, { cause: error })
}

/** What BullMQ says of a process that ended by a signal, the second while it was starting. */
const exitBySignal =
  /^(?:Unexpected exit code: .* signal:|Error initializing child: .* and signal) (SIG\w+)$/

/** Code and sentence of a failed job, from the reason that BullMQ keeps. */
export function readJobFailure(reason: string): { code: ErrorCode; detail: string } {
  const [, code, detail] = /^([a-z-]+): (.+)$/s.exec(reason) ?? []
  if (code !== undefined && detail !== undefined && Object.hasOwn(errorCodes, code))
    return { code: code as ErrorCode, detail }

  const [, signal] = exitBySignal.exec(reason) ?? []
  if (signal !== undefined)
    return {
      code: 'internal',
      detail: `The training process was ended by ${signal}, as happens when memory runs out.`,
    }
  if (reason.startsWith('Unexpected exit code'))
    return { code: 'internal', detail: 'The training process ended before the training did.' }
  if (reason.includes('stalled more than allowable limit'))
    return {
      code: 'internal',
      detail: `Its workers died ${mostDeaths + 1} times without the job getting further, as happens when memory runs out: it is not tried again.`,
    }
  return {
    code: 'internal',
    detail: publicReason(reason) || 'The training failed for an unknown reason.',
  }
}
