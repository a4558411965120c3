import { z } from 'zod'
import { listOrders } from '../../model/relevance.ts'
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
  orderBy: z
    .enum(listOrders)
    .default('relevance')
    .describe(
      '"relevance": how likely the user is to watch and like the movie, by the ranking part of the model; "rating": the predicted rating, which puts little known movies first.',
    ),
  genres: genresSchema,
  yearFrom: year.describe('Only movies of this year or later.'),
  yearTo: year.describe('Only movies of this year or earlier.'),
  minRatings: integer({ min: 0, max: 1_000_000_000 })
    .default(0)
    .describe('Only movies with at least so many ratings behind the model.'),
})

const itemSchema = movieSchema.extend({
  rating: ratingSchema.describe('The predicted rating, in stars, within the scale of the ratings.'),
  score: z
    .number()
    .describe(
      'What the list is ordered by. With "relevance" most are between 0 and 1, and they compare within one list only; with "rating", the predicted rating before it is put into the scale.',
    ),
})

const recommendationsSchema = z
  .object({
    model: modelField,
    userId: z.string(),
    basis: basisSchema,
    orderBy: z
      .enum(listOrders)
      .describe('What the list is ordered by: "rating" too where the model has no ranking part.'),
    items: z.array(itemSchema).describe('Best first.'),
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
        'The movies that suit the user best, each with its predicted rating. A user that the model does not know gets the movies that are liked best in general; `basis` says so.',
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
