import { z } from 'zod'
import { rankByBias } from '../../serving/rank-by-bias.ts'
import type { Serving } from '../../serving/serving.ts'
import type { App } from '../app-type.ts'
import { tagged, tagOf } from '../entity-tag.ts'
import { answer, operation, problems } from '../operation.ts'
import { genresSchema, integer } from '../query.ts'
import { modelField, movieSchema } from '../schemas.ts'

const many = 1_000_000_000

const querySchema = z.strictObject({
  order: z.enum(['top', 'bottom']).default('top').describe('The best or the worst first.'),
  n: integer({ min: 1, max: 1_000 }).default(15).describe('How many.'),
  mostRated: integer({ min: 1, max: many })
    .default(3_000)
    .describe('Only among so many of the most rated movies.'),
  minRatings: integer({ min: 0, max: many })
    .default(0)
    .describe('Only movies with at least so many ratings.'),
  genres: genresSchema,
})

const rankingSchema = z
  .object({
    model: modelField,
    source: z
      .enum(['model', 'baseline'])
      .describe(
        '`model`: the bias that the algorithm learnt, in its own units; `baseline`: the damped bias in stars, for algorithms that learn none.',
      ),
    items: z.array(
      movieSchema.extend({
        bias: z.number(),
        meanRating: z.number().nullable().describe('The plain mean, in stars.'),
        ratings: z.int().describe('How many rated it.'),
      }),
    ),
  })
  .meta({ id: 'BiasRanking' })

/** Movies that are better, or worse, than their ratings alone tell. */
export function rankingRoutes(app: App, serving: Serving): void {
  app.get(
    '/v1/movies/rankings/bias',
    operation('read', {
      operationId: 'rankMoviesByBias',
      isTagged: true,
      summary: 'Rank movies by their bias',
      description:
        'The bias is what is left of a rating once the tastes of the users are taken out: how good a movie is to those who would not have liked its kind, too.',
      tags: ['movies'],
      querystring: querySchema,
      response: { ...answer(200, 'The ranking.', rankingSchema), ...problems('no-model') },
    }),
    async (request, reply) => {
      const snapshot = serving.snapshot()
      return tagged(request, reply, tagOf(snapshot), () => {
        return { model: snapshot.version, ...rankByBias(snapshot, request.query) }
      })
    },
  )
}
