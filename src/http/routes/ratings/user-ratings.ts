import { z } from 'zod'
import { MarqueeError } from '../../../errors.ts'
import { idSchema } from '../../../model/data/ids.ts'
import { decimalOf } from '../../../model/data/rating-scale.ts'
import type { KnownRating } from '../../../serving/live/own-ratings.ts'
import type { Serving } from '../../../serving/serving.ts'
import { answeredBy, type Snapshot } from '../../../serving/snapshot.ts'
import { decodeTexts, encodeTexts } from '../../../serving/text-cursor.ts'
import type { App } from '../../app-type.ts'
import { integer } from '../../in/query.ts'
import { answer, operation, problems } from '../../openapi/operation.ts'
import { experimentField, modelField, movieTitle, nextCursorField } from '../../openapi/schemas.ts'
import { tagged, tagOf, toldOf } from '../../out/entity-tag.ts'

const rating = {
  rating: z.number(),
  timestamp: z
    .int()
    .nullable()
    .describe('Seconds since 1970; null of a rating that the model had in its data.'),
}

const knownRatingSchema = z
  .object({
    model: modelField,
    experiment: experimentField,
    userId: z.string(),
    movieId: z.string(),
    ...rating,
  })
  .meta({ id: 'KnownRating' })

const pageSchema = z
  .object({
    model: modelField,
    experiment: experimentField,
    userId: z.string(),
    items: z
      .array(z.object({ ...movieTitle, ...rating }))
      .describe('By movie id, character by character.'),
    nextCursor: nextCursorField,
  })
  .meta({ id: 'UserRatings' })

const userId = idSchema.describe('Any user.')

/** Routes of what is known of a user's ratings. */
export function userRatingRoutes(app: App, serving: Serving): void {
  app.get(
    '/v1/users/:userId/ratings',
    operation('read', {
      operationId: 'listUserRatings',
      own: {},
      isTagged: true,
      summary: 'List the ratings of a user',
      description:
        'Those behind the model, and over them what was told since; a file imported since is seen with the next model.',
      tags: ['ratings'],
      params: z.object({ userId }),
      querystring: z.strictObject({
        n: integer({ min: 1, max: 1_000 }).default(100).describe('How many on a page.'),
        cursor: z.string().max(1_024).optional().describe('The `nextCursor` of the page before.'),
      }),
      response: { ...answer(200, 'One page.', pageSchema), ...problems('no-model') },
    }),
    (request, reply) => {
      const { userId } = request.params
      const snapshot = serving.snapshot(userId)
      const tag = tagOf(snapshot, toldOf(snapshot, { userId }))
      return tagged(request, reply, tag, () => pageOf(snapshot, userId, request.query))
    },
  )

  app.get(
    '/v1/users/:userId/ratings/:movieId',
    operation('read', {
      operationId: 'getRating',
      own: {},
      isTagged: true,
      summary: "Get a user's rating of a movie",
      tags: ['ratings'],
      params: z.object({ userId, movieId: idSchema.describe('Any movie.') }),
      response: {
        ...answer(200, 'The rating.', knownRatingSchema),
        ...problems('unknown-rating', 'no-model'),
      },
    }),
    (request, reply) => {
      const { userId, movieId } = request.params
      const snapshot = serving.snapshot(userId)
      const tag = tagOf(snapshot, toldOf(snapshot, { userId }))
      return tagged(request, reply, tag, () => {
        const known = snapshot.live.ratingsOf(userId).find((one) => one.movieId === movieId)
        if (known) return { ...answeredBy(snapshot), userId, ...shown(known) }
        throw new MarqueeError(
          'unknown-rating',
          `User ${JSON.stringify(userId)} has given movie ${JSON.stringify(movieId)} no rating that is known.`,
        )
      })
    },
  )
}

function pageOf(
  snapshot: Snapshot,
  userId: string,
  query: { n: number; cursor?: string | undefined },
) {
  const { n, cursor } = query
  const after = cursor === undefined ? '' : decodeTexts(cursor, 1)[0]!
  const all = snapshot.live.ratingsOf(userId).filter(({ movieId }) => movieId > after)
  const items = all.slice(0, n).map((known) => {
    const { movieId, ...rating } = shown(known)
    const { title = null, displayTitle = null } = snapshot.catalogue.find(movieId) ?? {}
    return { movieId, title, displayTitle, ...rating }
  })
  const nextCursor = all.length > n ? encodeTexts([items.at(-1)!.movieId]) : null
  return { ...answeredBy(snapshot), userId, items, nextCursor }
}

/** Ratings are kept in single precision, and shown as they were given. */
function shown({ movieId, rating, timestamp }: KnownRating): KnownRating {
  return { movieId, rating: decimalOf(rating), timestamp }
}
