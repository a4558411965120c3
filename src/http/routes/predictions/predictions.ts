import { z } from 'zod'
import { idSchema } from '../../../model/data/ids.ts'
import {
  type Prediction,
  predict,
  predictBatch,
  predictFor,
  type UnknownMovie,
} from '../../../serving/predict.ts'
import { foldedProfile, profileOf } from '../../../serving/profile.ts'
import type { Serving } from '../../../serving/serving.ts'
import { answeredBy } from '../../../serving/snapshot.ts'
import type { App } from '../../app-type.ts'
import { isOneProfile, profileFields } from '../../in/profile-fields.ts'
import { isId, levelSchema } from '../../in/query.ts'
import { hasKeys, quick } from '../../in/validation.ts'
import { answer, operation, problems } from '../../openapi/operation.ts'
import {
  basisSchema,
  experimentField,
  intervalSchema,
  modelField,
  ratingSchema,
} from '../../openapi/schemas.ts'
import { tagged, tagOf, toldOf } from '../../out/entity-tag.ts'

const pairSchema = z.strictObject({ userId: idSchema, movieId: idSchema })

const maxPredictions = 1_000
/** The body of `POST /v1/predictions`, with its quick check. */
export const predictionBodySchema = quick(
  z
    .strictObject({
      pairs: z.array(pairSchema).min(1).max(maxPredictions).optional(),
      ...profileFields,
      movieIds: z
        .array(idSchema)
        .min(1)
        .max(maxPredictions)
        .optional()
        .describe('The movies to predict for one user, or from the ratings.'),
      interval: levelSchema,
      compact: z
        .boolean()
        .optional()
        .describe('For the ratings alone, in the order of what was asked: an eighth of the bytes.'),
    })
    .refine(({ interval, compact }) => interval === undefined || !compact, {
      path: ['interval'],
      message: 'a compact answer has no intervals; expected interval or compact',
    })
    .refine(
      ({ pairs, movieIds, ...profile }) =>
        pairs
          ? !movieIds && profile.userId === undefined && !profile.ratings
          : movieIds !== undefined && isOneProfile(profile),
      {
        path: ['pairs'],
        message: 'expected either pairs, or movieIds and one of userId and ratings',
      },
    )
    .meta({ id: 'PredictionRequest' }),
  (data) => {
    const { compact = false, ...asked } = Object(data)
    return (
      typeof compact === 'boolean' &&
      ((hasKeys(asked, 'pairs') && isBatch(asked.pairs, isPair)) ||
        (hasKeys(asked, 'userId', 'movieIds') &&
          isId(asked.userId) &&
          isBatch(asked.movieIds, isId)))
    )
  },
)

function isBatch(value: unknown, isItem: (item: unknown) => boolean): boolean {
  return (
    Array.isArray(value) &&
    value.length >= 1 &&
    value.length <= maxPredictions &&
    value.every(isItem)
  )
}

function isPair(value: unknown): boolean {
  return hasKeys(value, 'userId', 'movieId') && isId(value.userId) && isId(value.movieId)
}

const predictionSchema = z
  .object({
    model: modelField,
    experiment: experimentField,
    userId: z.string(),
    movieId: z.string(),
    rating: ratingSchema,
    basis: basisSchema,
    interval: intervalSchema.optional(),
  })
  .meta({ id: 'Prediction' })

const unknownMovieIds = z
  .array(z.string())
  .optional()
  .describe('Of the ratings, those of movies that the model does not know: they did not count.')

const batchSchema = z
  .object({
    model: modelField,
    experiment: experimentField,
    items: z
      .array(
        z.object({
          userId: z.string().optional().describe('As in the pair.'),
          model: modelField.optional().describe("Of a pair's user, while an experiment runs."),
          experiment: experimentField,
          movieId: z.string(),
          rating: ratingSchema.optional(),
          basis: basisSchema.optional(),
          interval: intervalSchema.optional(),
          error: z
            .literal('unknown-movie')
            .optional()
            .describe('In place of rating and basis: neither model nor catalogue knows the movie.'),
        }),
      )
      .describe('One for each pair or movie, in their order.'),
    unknownMovieIds,
  })
  .meta({ id: 'PredictionBatch' })

const compactSchema = z
  .object({
    model: modelField,
    experiment: experimentField,
    ratings: z
      .array(ratingSchema.nullable())
      .describe('In the order of the pairs or movies; null for a movie that is not known.'),
    unknownMovieIds,
  })
  .meta({ id: 'CompactPredictionBatch' })

/** Routes of predicted ratings: of one pair, of up to 1,000, or of movies for one profile. */
export function predictionRoutes(app: App, serving: Serving): void {
  app.get(
    '/v1/users/:userId/predictions/:movieId',
    {
      // Asked for most often, and always short.
      compress: false,
      ...operation('read', {
        operationId: 'predictRating',
        own: {},
        isTagged: true,
        summary: "Predict one user's rating of one movie",
        description: 'A user that the model does not know is answered from the movie alone.',
        tags: ['predictions'],
        params: z.object({
          userId: idSchema.describe('Any user; one that is not known has no taste yet.'),
          movieId: idSchema.describe('A movie of the model or of the catalogue.'),
        }),
        querystring: z.strictObject({ interval: levelSchema }),
        response: {
          ...answer(200, 'The expected rating.', predictionSchema),
          ...problems('unknown-movie', 'no-model', 'no-intervals'),
        },
      }),
    },
    (request, reply) => {
      const { userId, movieId } = request.params
      const snapshot = serving.snapshot(userId)
      const isNew = snapshot.model.movies.indexOf(movieId) < 0
      const tag = tagOf(snapshot, toldOf(snapshot, { userId, ...(isNew && { movieId }) }))
      return tagged(request, reply, tag, async () => {
        const prediction = await predict(snapshot, request.params, request.query.interval)
        // Two spreads would cost a fifth of the answer.
        return Object.assign(answeredBy(snapshot), prediction)
      })
    },
  )

  app.post(
    '/v1/predictions',
    operation('read', {
      operationId: 'predictRatings',
      own: { usersOf },
      isDear: true,
      summary: 'Predict many ratings',
      description:
        'Of `pairs` of a user and a movie; or of `movieIds` for one `userId`, which costs less; or of `movieIds` from the `ratings` of somebody unknown, which are folded into the model for this answer alone. A movie that is not known gets an `error` in place of a rating and spoils no other. While an experiment runs, each pair is answered from the arm of its user.',
      tags: ['predictions'],
      body: predictionBodySchema,
      response: {
        ...answer(200, 'The expected ratings.', z.union([batchSchema, compactSchema])),
        ...problems('no-model', 'no-intervals', 'too-large', 'unsupported-media-type'),
      },
    }),
    async ({ body }) => {
      const { pairs, userId, ratings, movieIds = [], interval, compact } = body
      const snapshots = serving.snapshots()
      const snapshot = snapshots(userId)
      const folded = ratings && (await foldedProfile(snapshot, ratings))
      const items = pairs
        ? await predictBatch(snapshots, pairs, interval)
        : predictFor(snapshot, folded ?? (await profileOf(snapshot, userId!)), movieIds, interval)
      return {
        ...answeredBy(snapshot),
        ...(compact ? { ratings: items.map(ratingOrNull) } : { items }),
        ...(folded && { unknownMovieIds: [...folded.unknownMovieIds] }),
      }
    },
  )
}

function usersOf({ pairs, userId }: z.output<typeof predictionBodySchema>) {
  return pairs ? pairs.map((pair) => pair.userId) : [userId]
}

function ratingOrNull(item: Prediction | UnknownMovie): number | null {
  return 'rating' in item ? item.rating : null
}
