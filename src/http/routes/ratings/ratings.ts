import { z } from 'zod'
import { MarqueeError } from '../../../errors.ts'
import type { LiveLog } from '../../../live/live-event.ts'
import { idSchema } from '../../../model/data/ids.ts'
import type { App } from '../../app-type.ts'
import { isId } from '../../in/query.ts'
import { hasKeys, quick } from '../../in/validation.ts'
import { answer, operation, problems } from '../../openapi/operation.ts'
import { checkPathId, ratingProblem, type ScaleSource, timestampSchema } from './rating-check.ts'

export const ratingParamsSchema = quick(
  z.object({
    userId: idSchema.describe('Any user; one who is not known becomes so.'),
    movieId: idSchema.describe('Any movie; one that is not known becomes so by its first rating.'),
  }),
  (data) => hasKeys(data, 'userId', 'movieId') && isId(data.userId) && isId(data.movieId),
)

export const ratingBodySchema = quick(
  z.strictObject({
    rating: z
      .number()
      .describe(
        'Within the declared scale; where none is, within that of the ratings, which need not have used all of it.',
      ),
    timestamp: timestampSchema,
  }),
  (data) =>
    (hasKeys(data, 'rating') || (hasKeys(data, 'rating', 'timestamp') && isTime(data.timestamp))) &&
    Number.isFinite(data.rating),
)

function isTime(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 1
}

export const userRatingSchema = z
  .object({
    userId: z.string(),
    movieId: z.string(),
    rating: z.number(),
    timestamp: z.int().describe('Seconds since 1970.'),
  })
  .meta({ id: 'UserRating' })

/** Routes of single ratings as they are given: each is an event of the log. */
export function ratingRoutes(
  app: App,
  { log, scaleOf }: { log: LiveLog; scaleOf: ScaleSource },
): void {
  app.put(
    '/v1/users/:userId/ratings/:movieId',
    operation('write', {
      operationId: 'putRating',
      own: { scope: 'rate' },
      summary: 'Rate a movie',
      description:
        'In place of what the user gave it before. Once it is answered, Redis has it and this process takes it into account; the others do within a moment. Models learn of it at their next training.',
      tags: ['ratings'],
      isFrequent: true,
      params: ratingParamsSchema,
      body: ratingBodySchema,
      response: {
        ...answer(200, 'The rating is kept.', userRatingSchema),
        ...problems('log-unavailable', 'redis-full', 'too-large', 'unsupported-media-type'),
      },
    }),
    async ({ params: { userId, movieId }, body: { rating, timestamp = secondsNow() } }) => {
      const told = { userId, movieId, rating, timestamp }
      const problem = ratingProblem(told, await scaleOf())
      if (problem) {
        const place = problem.name === 'userId' || problem.name === 'movieId' ? '/path' : ''
        throw refused(`${place}/${problem.name}`, problem.detail)
      }
      await log.append([{ type: 'rated', ...told }])
      return told
    },
  )

  app.delete(
    '/v1/users/:userId/ratings/:movieId',
    operation('write', {
      operationId: 'deleteRating',
      own: { scope: 'rate' },
      summary: 'Take a rating back',
      description:
        'Also one that came in a file; it counts no more for answers, nor for the next training. The same answer where there is none.',
      tags: ['ratings'],
      isFrequent: true,
      params: ratingParamsSchema,
      response: {
        204: z.null().describe('There is no such rating now.'),
        ...problems('log-unavailable', 'redis-full'),
      },
    }),
    async ({ params: { userId, movieId } }, reply) => {
      checkPathId('userId', userId)
      checkPathId('movieId', movieId)
      await log.append([{ type: 'unrated', userId, movieId }])
      return reply.code(204).send(null)
    },
  )
}

function secondsNow(): number {
  return Math.floor(Date.now() / 1_000)
}

function refused(pointer: string, detail: string): MarqueeError {
  return new MarqueeError('invalid-request', `${pointer}: ${detail}.`, {
    problems: [{ pointer, detail }],
  })
}
