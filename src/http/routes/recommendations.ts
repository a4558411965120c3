import { z } from 'zod'
import { raterOf } from '../../serving/rater.ts'
import { recommend } from '../../serving/recommend.ts'
import type { Serving } from '../../serving/serving.ts'
import type { App } from '../app-type.ts'
import { bodyParameters, queryParameters } from '../list-parameters.ts'
import { answer, operation, problems } from '../operation.ts'
import { idSchema } from '../query.ts'
import { basisSchema, modelField, movieSchema, ratingSchema } from '../schemas.ts'

const userId = idSchema.describe('Any user.')

const recommendationsSchema = z
  .object({
    model: modelField,
    userId: z.string(),
    basis: basisSchema,
    items: z.array(movieSchema.extend({ rating: ratingSchema })).describe('Best first.'),
    nextCursor: z.string().nullable().describe('Asks for the next page; null on the last.'),
    unknownMovieIds: z.array(z.string()).describe('Candidates that the model does not know.'),
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
      params: z.object({ userId }),
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
      summary: 'Recommend movies to a user, with long lists of ids',
      description: 'As the list of a user, with its parameters in the body.',
      tags: ['recommendations'],
      body: z.strictObject({ userId, ...bodyParameters }),
      response: {
        ...answer(200, 'A page of the list.', recommendationsSchema),
        ...problems('no-model', 'expired-cursor', 'too-large', 'unsupported-media-type'),
      },
    }),
    async ({ body }) => {
      const snapshot = serving.snapshot()
      const list = recommend(snapshot, raterOf(snapshot, body.userId), body)
      return { model: snapshot.version, userId: body.userId, ...list }
    },
  )
}
