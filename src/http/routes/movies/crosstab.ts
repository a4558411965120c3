import { z } from 'zod'
import { crosstab } from '../../../serving/crosstab.ts'
import type { Serving } from '../../../serving/serving.ts'
import type { App } from '../../app-type.ts'
import { integer } from '../../in/query.ts'
import { answer, operation, problems } from '../../openapi/operation.ts'
import { modelField, movieTitle } from '../../openapi/schemas.ts'

const size = integer({ min: 1, max: 100 }).default(15)
const ratings = z.int().describe('How many ratings.')

const crosstabSchema = z
  .object({
    model: modelField,
    users: z.array(z.object({ userId: z.string(), ratings })).describe('The most active first.'),
    movies: z
      .array(
        z.object({
          ...movieTitle,
          ratings,
        }),
      )
      .describe('The most rated first.'),
    cells: z
      .array(z.array(z.number().nullable()))
      .describe('A row for each user, a rating or null for each movie.'),
  })
  .meta({ id: 'Crosstab' })

/** Route of the ratings of the most active users for the most rated movies. */
export function crosstabRoutes(app: App, serving: Serving): void {
  app.get(
    '/v1/ratings/crosstab',
    operation('read', {
      operationId: 'getCrosstab',
      isDear: true,
      summary: 'Get the ratings of the most active users for the most rated movies',
      description:
        'All the ratings that the model answers from, those held out from its training among them; a rating imported since is seen with the next model.',
      tags: ['movies'],
      querystring: z.strictObject({
        users: size.describe('How many users.'),
        movies: size.describe('How many movies.'),
      }),
      response: { ...answer(200, 'The table.', crosstabSchema), ...problems('no-model') },
    }),
    async ({ query }) => {
      const snapshot = serving.snapshot()
      return { model: snapshot.version, ...crosstab(snapshot, query) }
    },
  )
}
