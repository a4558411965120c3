import { z } from 'zod'
import { idSchema } from '../../../model/data/ids.ts'
import type { Serving } from '../../../serving/serving.ts'
import { similarMovies, similarUsers } from '../../../serving/similar/similar.ts'
import { answeredBy } from '../../../serving/snapshot.ts'
import type { App } from '../../app-type.ts'
import { queryFilters } from '../../in/list-parameters.ts'
import { integer } from '../../in/query.ts'
import { answer, operation, problems } from '../../openapi/operation.ts'
import { experimentField, modelField, movieSchema } from '../../openapi/schemas.ts'

const n = integer({ min: 1, max: 100 }).default(10).describe('How many.')
const similarity = z
  .number()
  .describe(
    'How alike, −1 to 1: the cosine of the angle between the ranking factors (1: liked by the very same people), less the fewer people liked the movie, and the fewer genres the two share.',
  )
const userSimilarity = z
  .number()
  .describe(
    'How alike, −1 to 1: the cosine of the angle between the ranking factors (1: the very same tastes), less the fewer ratings the user gave.',
  )
const ratings = z.int().describe('How many ratings are behind the model.')

const similarMoviesSchema = z
  .object({
    model: modelField,
    movieId: z.string(),
    items: z.array(movieSchema.extend({ similarity, ratings })).describe('The most alike first.'),
  })
  .meta({ id: 'SimilarMovies' })

const similarUsersSchema = z
  .object({
    model: modelField,
    experiment: experimentField,
    userId: z.string(),
    items: z
      .array(z.object({ userId: z.string(), similarity: userSimilarity, ratings }))
      .describe('The most alike first.'),
  })
  .meta({ id: 'SimilarUsers' })

/** Routes of similar movies and similar users. */
export function similarRoutes(app: App, serving: Serving): void {
  app.get(
    '/v1/movies/:movieId/similar',
    operation('public', {
      operationId: 'findSimilarMovies',
      isDear: true,
      summary: 'Find movies that are liked by the same users',
      description:
        'Movies that the same people like, those that many like before those that hardly anybody knows. A movie with fewer than ten ratings is compared by its genres and predicted ratings, too.',
      tags: ['movies'],
      params: z.object({ movieId: idSchema.describe('A movie of the model.') }),
      querystring: z.strictObject({ n, ...queryFilters }),
      response: {
        ...answer(200, 'The movies.', similarMoviesSchema),
        ...problems('unknown-movie', 'no-model'),
      },
    }),
    async ({ params: { movieId }, query }) => {
      const snapshot = serving.snapshot()
      return {
        model: snapshot.version,
        movieId,
        ...(await similarMovies(snapshot, movieId, query)),
      }
    },
  )

  app.get(
    '/v1/users/:userId/similar',
    operation('read', {
      operationId: 'findSimilarUsers',
      isDear: true,
      summary: 'Find users with the same tastes',
      description: 'Users who like the same movies, those with many ratings before those with few.',
      tags: ['recommendations'],
      params: z.object({ userId: idSchema.describe('A user of the model.') }),
      querystring: z.strictObject({ n }),
      response: {
        ...answer(200, 'The users.', similarUsersSchema),
        ...problems('unknown-user', 'no-model'),
      },
    }),
    async ({ params: { userId }, query }) => {
      const snapshot = serving.snapshot(userId)
      const users = await similarUsers(snapshot, userId, query.n)
      return { ...answeredBy(snapshot), userId, ...users }
    },
  )
}
