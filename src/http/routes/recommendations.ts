import { z } from 'zod'
import { recommend } from '../../serving/recommend.ts'
import type { Serving } from '../../serving/serving.ts'
import type { App } from '../app-type.ts'
import { tagged, tagOf } from '../entity-tag.ts'
import { answer, operation, problems } from '../operation.ts'
import { flag, genresSchema, idSchema, integer } from '../query.ts'
import { basisSchema, modelField, movieSchema, ratingSchema } from '../schemas.ts'

const year = integer({ min: 0, max: 9_999 }).optional()

const querySchema = z.strictObject({
  n: integer({ min: 1, max: 100 }).default(10).describe('How many.'),
  excludeRated: flag.default(true).describe('Leave out what the user has rated.'),
  genres: genresSchema,
  yearFrom: year.describe('Only movies of this year or later.'),
  yearTo: year.describe('Only movies of this year or earlier.'),
  minRatings: integer({ min: 0, max: 1_000_000_000 })
    .default(0)
    .describe('Only movies with at least so many ratings behind the model.'),
})

const recommendationsSchema = z
  .object({
    model: modelField,
    userId: z.string(),
    basis: basisSchema,
    items: z.array(movieSchema.extend({ rating: ratingSchema })).describe('Best first.'),
  })
  .meta({ id: 'Recommendations' })

/** What a user would like best. */
export function recommendationRoutes(app: App, serving: Serving): void {
  app.get(
    '/v1/users/:userId/recommendations',
    operation('read', {
      operationId: 'recommendMovies',
      isTagged: true,
      summary: 'Recommend movies to a user',
      description:
        'The movies with the highest predicted ratings. A user that the model does not know gets the movies that are liked best in general; `basis` says so.',
      tags: ['recommendations'],
      params: z.object({ userId: idSchema.describe('Any user.') }),
      querystring: querySchema,
      response: {
        ...answer(200, 'The list.', recommendationsSchema),
        ...problems('no-model'),
      },
    }),
    async (request, reply) => {
      const snapshot = serving.snapshot()
      return tagged(request, reply, tagOf(snapshot), () => {
        const { params, query } = request
        return { model: snapshot.version, ...recommend(snapshot, params.userId, query) }
      })
    },
  )
}
