import { z } from 'zod'
import { type ErrorCode, errorCodes, MarqueeError } from '../../errors.ts'

/** RFC 9457; members beyond these say more about one code, such as `jobId` of `duplicate-job`. */
export const problemSchema = z
  .looseObject({
    type: z.string().describe('Where the code is explained.'),
    title: z.string().describe('The code in words; the same for every occurrence.'),
    status: z.int(),
    detail: z.string().describe('What was wrong this time and what was expected.'),
    instance: z
      .string()
      .describe('"#" and the id of the request, as in X-Request-Id and in the log.'),
    code: z.string().describe('Stable: clients branch on it.'),
    errors: z
      .array(z.object({ pointer: z.string(), detail: z.string() }))
      .describe('Each thing wrong with the input: a JSON pointer to it and a sentence.'),
  })
  .meta({ id: 'Problem', description: 'What went wrong (RFC 9457).' })
export type Problem = z.infer<typeof problemSchema>

export const problemType = 'application/problem+json'

/** The seconds after which a client does well to ask again. */
const retryAfterSeconds: Partial<Record<ErrorCode, number>> = {
  'no-model': 30,
  'queue-unavailable': 5,
  'log-unavailable': 5,
  overloaded: 1,
  'shutting-down': 5,
  'too-many-imports': 5,
  'too-many-jobs': 30,
  'store-unavailable': 5,
  'store-read-only': 30,
  'redis-full': 30,
  'out-of-space': 30,
}

/** The answer to an error: its document, and the headers that belong to its code. */
export function problemOf(
  error: MarqueeError,
  requestId: string,
): { problem: Problem; headers: Record<string, string> } {
  const { status, title } = errorCodes[error.code]
  const retryAfter = retryAfterSeconds[error.code]
  return {
    problem: {
      ...error.extra,
      type: `/docs/errors#${error.code}`,
      title,
      status,
      detail: error.message,
      instance: `#${requestId}`,
      code: error.code,
      errors: [...error.problems],
    },
    headers: {
      ...(retryAfter && { 'retry-after': String(retryAfter) }),
      ...(error.code === 'unauthorized' && { 'www-authenticate': 'Bearer realm="marquee"' }),
    },
  }
}

const codeOfStatus: Partial<Record<number, ErrorCode>> = {
  404: 'not-found',
  413: 'too-large',
}

/**
 * Any error as one of ours: what the framework refuses keeps its sentence, a fault tells nothing.
 */
export function toMarqueeError(error: unknown): MarqueeError {
  if (error instanceof MarqueeError) return error
  const status = statusOf(error)
  if (status === 415)
    return new MarqueeError('unsupported-media-type', 'Send the body as application/json.')
  if (error instanceof Error && status >= 400 && status < 500)
    return new MarqueeError(codeOfStatus[status] ?? 'invalid-request', error.message)
  return new MarqueeError('internal', 'The fault is in the log under the id of this request.', {
    cause: error,
  })
}

function statusOf(error: unknown): number {
  const isObject = typeof error === 'object' && error !== null
  return isObject && 'statusCode' in error ? Number(error.statusCode) : 500
}
