import { z } from 'zod'
import { idSchema } from '../../../model/data/ids.ts'
import { listOrders } from '../../../model/ranker.ts'
import { explain } from '../../../serving/explain/explain.ts'
import { profileOf } from '../../../serving/profile.ts'
import type { Serving } from '../../../serving/serving.ts'
import { answeredBy } from '../../../serving/snapshot.ts'
import type { App } from '../../app-type.ts'
import { integer } from '../../in/query.ts'
import { answer, operation, problems } from '../../openapi/operation.ts'
import {
  basisSchema,
  experimentField,
  listOf,
  modelField,
  ratingSchema,
} from '../../openapi/schemas.ts'
import { contributionSchema } from '../../out/list-answer.ts'

const explanationSchema = z
  .object({
    model: modelField,
    experiment: experimentField,
    userId: z.string(),
    movieId: z.string(),
    basis: basisSchema,
    of: z.enum(listOrders).describe('What is split: "rating" too where there is no relevance.'),
    rating: ratingSchema,
    score: z
      .number()
      .describe(
        'The relevance, or the rating before it is put into the scale: prior + the parts of items and against + others + remainder.',
      ),
    prior: z.number().describe('What is expected of somebody of whom no rating is known.'),
    items: listOf(contributionSchema).describe(
      'What the user liked and what raises the relevance, the strongest first; of a rating, all that they rated, those that move it most first, up or down.',
    ),
    against: listOf(contributionSchema)
      .optional()
      .describe(
        'What lowers the relevance, the strongest first: what is alike and was not liked, or was liked and is unlike.',
      ),
    others: z.number().describe('The sum of the parts of the other ratings.'),
    remainder: z
      .number()
      .describe(
        'What the training made of the user beyond what the ratings alone say: in the relevance, late ratings weigh more; the rating is fitted step by step.',
      ),
  })
  .meta({ id: 'Explanation' })

const description =
  "An exact split of the score over the user's own ratings, were they folded into the model as those of somebody unknown: of the relevance, by which lists are ordered, or of the predicted rating. Everything is `prior` for a user that the model does not know."

/** Route of explanations of predicted ratings. */
export function explanationRoutes(app: App, serving: Serving): void {
  app.get(
    '/v1/users/:userId/explanations/:movieId',
    operation('read', {
      operationId: 'explainRating',
      own: {},
      isDear: true,
      summary: 'Explain why a movie is recommended by what the user rated',
      description,
      tags: ['predictions'],
      params: z.object({
        userId: idSchema.describe('Any user.'),
        movieId: idSchema.describe('A movie of the model.'),
      }),
      querystring: z.strictObject({
        of: z.enum(listOrders).default('relevance').describe('What is split.'),
        n: integer({ min: 0, max: 100_000 })
          .default(10)
          .describe('How many ratings are named for it, and against; the others are summed up.'),
      }),
      response: {
        ...answer(200, 'The parts of the score.', explanationSchema),
        ...problems('unknown-movie', 'no-model'),
      },
    }),
    async ({ params: { userId, movieId }, query }) => {
      const snapshot = serving.snapshot(userId)
      const parts = await explain(snapshot, await profileOf(snapshot, userId), movieId, query)
      return { ...answeredBy(snapshot), userId, movieId, ...parts }
    },
  )
}
