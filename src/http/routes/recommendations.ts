import { z } from 'zod'
import { raterOf } from '../../serving/rater.ts'
import { recommend } from '../../serving/recommend.ts'
import type { Serving } from '../../serving/serving.ts'
import type { App } from '../app-type.ts'
import { bodyParameters, queryParameters } from '../list-parameters.ts'
import { answer, operation, problems } from '../operation.ts'
import { isOnePerson, notOnePerson, personFields, raterFor } from '../person.ts'
import { idSchema } from '../query.ts'
import { basisSchema, modelField, movieSchema, ratingSchema } from '../schemas.ts'

const recommendationsSchema = z
  .object({
    model: modelField,
    userId: z.string().optional().describe('Where a user was asked for.'),
    basis: basisSchema,
    items: z.array(movieSchema.extend({ rating: ratingSchema })).describe('Best first.'),
    nextCursor: z.string().nullable().describe('Asks for the next page; null on the last.'),
    unknownMovieIds: z
      .array(z.string())
      .describe(
        'Candidates and rated movies that the model does not know: they count for nothing.',
      ),
  })
  .meta({ id: 'Recommendations' })

/** What a user would like best. */
export function recommendationRoutes(app: App, serving: Serving): void {
  app.get(
    '/v1/users/:userId/recommendations',
    operation('read', {
      operationId: 'recommendMovies',
      summary: 'Recommend movies to a user',
      description:
        'The movies with the highest predicted ratings. A user that the model does not know gets the movies that are liked best in general; `basis` says so.',
      tags: ['recommendations'],
      params: z.object({ userId: idSchema.describe('Any user.') }),
      querystring: z.strictObject(queryParameters),
      response: {
        ...answer(200, 'A page of the list.', recommendationsSchema),
        ...problems('no-model', 'expired-cursor'),
      },
    }),
    async ({ params, query }) => {
      const snapshot = serving.snapshot()
      const list = recommend(snapshot, raterOf(snapshot, params.userId), query, '/query')
      return { model: snapshot.version, userId: params.userId, ...list }
    },
  )

  app.post(
    '/v1/recommendations',
    operation('read', {
      operationId: 'recommendMoviesTo',
      summary: 'Recommend movies to a user, or to whoever gave these ratings',
      description:
        'As the list of a user, with its parameters in the body; or the list of somebody unknown, whose ratings are folded into the model for this answer alone (`basis` is `folded-in`, or `movie-bias` where the model knows none of the movies).',
      tags: ['recommendations'],
      body: z
        .strictObject({ ...personFields, ...bodyParameters })
        .refine(isOnePerson, notOnePerson),
      response: {
        ...answer(200, 'A page of the list.', recommendationsSchema),
        ...problems('no-model', 'expired-cursor', 'too-large', 'unsupported-media-type'),
      },
    }),
    async ({ body }) => {
      const snapshot = serving.snapshot()
      const { userId, ratings, ...wanted } = body
      const rater = await raterFor(snapshot, { userId, ratings })
      const list = recommend(snapshot, rater, wanted)
      return { model: snapshot.version, ...(userId !== undefined && { userId }), ...list }
    },
  )
}
