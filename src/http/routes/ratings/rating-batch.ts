import { createHash } from 'node:crypto'
import { z } from 'zod'
import { MarqueeError } from '../../../errors.ts'
import type { Live } from '../../../live/live.ts'
import type { App } from '../../app-type.ts'
import { lineTypes } from '../../in/text-body.ts'
import { answer, operation, problems } from '../../openapi/operation.ts'
import { listOf } from '../../openapi/schemas.ts'
import type { ScaleSource } from './rating-check.ts'
import { mostLines, type RefusedLines, readLines } from './rating-lines.ts'

/** Of so many of the longest ids. */
const bodyLimit = 4_194_304
const keyPattern = /^[\x21-\x7e]{1,255}$/

const bodySchema = z.unknown().meta({
  type: 'array',
  maxItems: mostLines,
  items: {
    type: 'object',
    properties: {
      userId: { type: 'string' },
      movieId: { type: 'string' },
      rating: { type: 'number' },
      timestamp: { type: 'integer', description: 'Seconds since 1970; now, unless told.' },
    },
    required: ['userId', 'movieId', 'rating'],
    additionalProperties: false,
  },
})

const resultSchema = z
  .object({
    accepted: z.int(),
    refused: z.int(),
    results: listOf(
      z.object({
        line: z.int().describe('From 1.'),
        reason: z.string().nullable().describe('Why it was refused; null where it was taken.'),
      }),
    ).describe('Of every line, in their order.'),
  })
  .meta({ id: 'RatingBatchResult' })

/** Route of many ratings at once, all of which count from the same moment. */
export function ratingBatchRoutes(
  app: App,
  { log, scaleOf }: { log: Pick<Live, 'append' | 'appendOnce'>; scaleOf: ScaleSource },
): void {
  app.post(
    '/v1/ratings/batch',
    {
      bodyLimit,
      ...operation('write', {
        operationId: 'rateMany',
        isOnce: true,
        summary: 'Tell many ratings at once',
        description:
          'At most 10,000, as a JSON array or as lines of JSON. A line that cannot be taken spoils no other; those that were taken count for answers as with `PUT`. Of two of one user and movie the later counts.',
        tags: ['ratings'],
        consumes: lineTypes,
        body: bodySchema,
        response: {
          ...answer(200, 'What became of each line.', resultSchema),
          ...problems(
            'log-unavailable',
            'redis-full',
            'idempotency-key-reused',
            'too-large',
            'unsupported-media-type',
          ),
        },
      }),
    },
    async ({ headers, body }) => {
      const text = (body as string | undefined) ?? ''
      const isArray = headers['content-type']?.includes('ndjson') !== true
      const now = Math.floor(Date.now() / 1_000)
      const { events, ...read } = readLines(text, { isArray, scale: await scaleOf(), now })
      const key = idempotencyKey(headers['idempotency-key'])
      if (key === null) {
        if (events.length > 0) await log.append(events)
        return resultOf(read)
      }
      const fingerprint = createHash('sha256').update(`${isArray}\n${text}`).digest('hex')
      const kept = await log.appendOnce(events, { key, fingerprint, answer: JSON.stringify(read) })
      return resultOf(JSON.parse(kept))
    },
  )
}

function idempotencyKey(header: string | string[] | undefined): string | null {
  if (header === undefined) return null
  if (typeof header === 'string' && keyPattern.test(header)) return header
  throw new MarqueeError(
    'invalid-request',
    'The header Idempotency-Key has 1 to 255 printable characters of ASCII.',
  )
}

function resultOf({ lines, refused }: { lines: number; refused: readonly RefusedLines[] }) {
  const results = Array.from({ length: lines }, (_, i) => {
    return { line: i + 1, reason: null as string | null }
  })
  let count = 0
  for (const [reason, from, to] of refused) {
    for (let line = from; line <= to; line++) results[line - 1]!.reason = reason
    count += to - from + 1
  }
  return { accepted: lines - count, refused: count, results }
}
