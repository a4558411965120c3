import { z } from 'zod'
import { explain } from '../../../serving/explain/explain.ts'
import { profileOf } from '../../../serving/profile.ts'
import type { Serving } from '../../../serving/serving.ts'
import type { App } from '../../app-type.ts'
import { idSchema, integer } from '../../in/query.ts'
import { answer, operation, problems } from '../../openapi/operation.ts'
import { basisSchema, listOf, modelField, ratingSchema } from '../../openapi/schemas.ts'
import { contributionSchema } from '../../out/list-answer.ts'

const explanationSchema = z
  .object({
    model: modelField,
    userId: z.string(),
    movieId: z.string(),
    basis: basisSchema,
    rating: ratingSchema,
    score: z
      .number()
      .describe(
        'The rating before it is put into the scale: prior + the stars of the items + others + remainder.',
      ),
    prior: z.number().describe('What is expected of somebody of whom no rating is known.'),
    items: listOf(contributionSchema).describe(
      "The user's own ratings, those that move the score most first, up or down.",
    ),
    others: z.number().describe('The stars of those that are not among the items.'),
    remainder: z
      .number()
      .describe(
        'What the training made of the user beyond what the ratings alone say: it fits some of them only, and step by step.',
      ),
  })
  .meta({ id: 'Explanation' })

const description =
  "An exact split of the score over the user's own ratings: were they folded into the model as those of somebody unknown, each would move the score by its `stars`. Everything is `prior` for a user that the model does not know."

/** Route of explanations of predicted ratings. */
export function explanationRoutes(app: App, serving: Serving): void {
  app.get(
    '/v1/users/:userId/explanations/:movieId',
    operation('read', {
      operationId: 'explainRating',
      summary: 'Explain a predicted rating by what the user rated',
      description,
      tags: ['predictions'],
      params: z.object({
        userId: idSchema.describe('Any user.'),
        movieId: idSchema.describe('A movie of the model.'),
      }),
      querystring: z.strictObject({
        n: integer({ min: 0, max: 100_000 })
          .default(10)
          .describe('How many ratings are named; the others are summed up.'),
      }),
      response: {
        ...answer(200, 'The parts of the score.', explanationSchema),
        ...problems('unknown-movie', 'no-model'),
      },
    }),
    async ({ params: { userId, movieId }, query }) => {
      const snapshot = serving.snapshot()
      const parts = await explain(snapshot, profileOf(snapshot, userId), movieId, query.n)
      return { model: snapshot.version, userId, movieId, ...parts }
    },
  )
}
