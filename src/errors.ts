/**
 * Every code a user can meet, with its HTTP status and title. Codes are stable: clients branch on
 * them.
 */
export const errorCodes = {
  'invalid-request': { status: 400, title: 'The request is not valid' },
  unauthorized: { status: 401, title: 'An API key is needed' },
  forbidden: { status: 403, title: 'This is not allowed' },
  'not-found': { status: 404, title: 'There is nothing at this address' },
  'method-not-allowed': { status: 405, title: 'The address does not take this method' },
  'unknown-movie': { status: 404, title: 'No such movie' },
  'unknown-user': { status: 404, title: 'The model does not know the user' },
  'unknown-rating': { status: 404, title: 'No such rating' },
  'unknown-model': { status: 404, title: 'No such model' },
  'unknown-import': { status: 404, title: 'No such import' },
  'unknown-erasure': { status: 404, title: 'No such erasure' },
  'unknown-batch': { status: 404, title: 'No such batch' },
  'unknown-experiment': { status: 404, title: 'No such experiment' },
  'unknown-job': { status: 404, title: 'No such training job' },
  'unknown-schedule': { status: 404, title: 'No such schedule' },
  'too-slow': { status: 408, title: 'The request did not arrive in time' },
  'duplicate-job': { status: 409, title: 'An identical training job is queued or running' },
  'too-many-schedules': { status: 409, title: 'There are as many schedules as there may be' },
  'job-finished': { status: 409, title: 'The training job has already ended' },
  'no-earlier-model': { status: 409, title: 'There is no earlier model to return to' },
  'experiment-running': { status: 409, title: 'An experiment is running' },
  'experiment-ended': { status: 409, title: 'The experiment has already ended' },
  'no-intervals': { status: 409, title: 'The model that serves has no intervals' },
  'idempotency-key-reused': {
    status: 409,
    title: 'The idempotency key stands for another request',
  },
  'expired-cursor': { status: 410, title: 'The list that the cursor continues is gone' },
  'too-large': { status: 413, title: 'The body is too large' },
  'unsupported-media-type': { status: 415, title: 'The content type is not accepted here' },
  'unsatisfiable-range': { status: 416, title: 'The range is behind the end' },
  'expectation-failed': { status: 417, title: 'The expectation cannot be met' },
  'too-many-wrong-keys': { status: 429, title: 'Too many wrong keys come from this address' },
  'too-many-requests': { status: 429, title: 'More is asked than may be' },
  'headers-too-large': { status: 431, title: 'The headers are too large' },
  'unrecognised-format': { status: 422, title: 'The file is in no known format' },
  'no-good-line': { status: 422, title: 'No line of the file could be taken' },
  'unsafe-archive': { status: 422, title: 'The archive was refused' },
  'import-refused': { status: 422, title: 'What the import would make cannot be served' },
  'no-ratings': { status: 422, title: 'There are too few ratings to train on' },
  'invalid-model': { status: 422, title: 'The model is damaged or not readable' },
  'device-lost': { status: 503, title: 'The device was lost or failed in mid-training' },
  'no-engine': { status: 422, title: 'No engine here can run this training' },
  cancelled: { status: 409, title: 'The training job was cancelled' },
  diverged: { status: 422, title: 'The training diverged' },
  internal: { status: 500, title: 'Something went wrong here' },
  'damaged-segment': { status: 500, title: 'A segment of the store is damaged' },
  'no-model': { status: 503, title: 'No model has been trained yet' },
  'queue-unavailable': { status: 503, title: 'The job queue is not available' },
  'log-unavailable': { status: 503, title: 'The log of live ratings is not available' },
  'too-many-jobs': { status: 503, title: 'As many jobs wait as there may be' },
  'too-many-imports': { status: 503, title: 'As many imports are under way as there may be' },
  'store-unavailable': { status: 503, title: 'The store cannot be used now' },
  'store-read-only': { status: 503, title: 'The store takes no writes' },
  'redis-full': { status: 503, title: 'Redis has no memory left' },
  overloaded: { status: 503, title: 'The server has more to do than it can' },
  'shutting-down': { status: 503, title: 'The server is shutting down' },
  'out-of-space': { status: 507, title: 'The disk has no room left' },
} as const satisfies Record<string, { status: number; title: string }>

export type ErrorCode = keyof typeof errorCodes

/** One thing wrong with an input: a JSON pointer to it and a sentence. */
export type InputProblem = { pointer: string; detail: string }

/**
 * An expected failure with a stable code; its message says what was wrong and what was expected.
 */
export class MarqueeError extends Error {
  override readonly name = 'MarqueeError'
  readonly code: ErrorCode
  readonly problems: readonly InputProblem[]
  /** Further members of the problem document, such as the id of the job that is already running. */
  readonly extra: Readonly<Record<string, string>>

  constructor(
    code: ErrorCode,
    message: string,
    options: {
      cause?: unknown
      problems?: readonly InputProblem[]
      extra?: Record<string, string>
    } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.problems = options.problems ?? []
    this.extra = options.extra ?? {}
  }
}

/**
 * Whether an error says that stored bytes are not what was written: that alone is damage, and a fault
 * of the disk, which may pass, is none.
 */
export function isDamage(error: unknown): error is MarqueeError {
  if (!(error instanceof MarqueeError)) return false
  return error.code === 'invalid-model' || error.code === 'damaged-segment'
}

/**
 * What an error says, for whoever may not know where files are on this machine: its sentence, without
 * paths where it is none of ours.
 */
export function publicReason(error: unknown): string {
  if (error instanceof MarqueeError) return error.message
  const text = error instanceof Error ? error.message : String(error)
  return text.replaceAll(/(?:file:\/\/)?(?:\/[^\s/'",:;)]+){2,}\/?/g, '…')
}
