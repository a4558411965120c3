import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { type WindowName, windowDays } from '../../../model/data/recent-ratings.ts'
import { rankByBias } from '../../../serving/rankings/rank-by-bias.ts'
import {
  rankByMean,
  rankByPopularity,
  rankByTrend,
} from '../../../serving/rankings/rank-by-ratings.ts'
import type { Serving } from '../../../serving/serving.ts'
import type { Snapshot } from '../../../serving/snapshot.ts'
import type { App } from '../../app-type.ts'
import { queryFilters } from '../../in/list-parameters.ts'
import { integer } from '../../in/query.ts'
import { answer, operation, problems } from '../../openapi/operation.ts'
import { modelField, movieSchema } from '../../openapi/schemas.ts'
import { tagged, tagOf, toldOf } from '../../out/entity-tag.ts'
import type { ResponseCache } from '../../out/response-cache.ts'

const many = 1_000_000_000
const order = z.enum(['top', 'bottom']).default('top').describe('The best or the worst first.')
const shared = {
  n: integer({ min: 1, max: 1_000 }).default(15).describe('How many.'),
  ...queryFilters,
}
const mostRated = integer({ min: 1, max: many })
  .default(3_000)
  .describe('Only among so many of the most rated movies.')
const damping = integer({ min: 0, max: many })
  .default(10)
  .describe('As if each movie had so many more ratings, all of the mean of all ratings.')
const window = z
  .enum(Object.keys(windowDays) as [WindowName, ...WindowName[]])
  .default('month')
  .describe('The last 1, 7, 30 or 365 days before the newest rating.')

const rankedSchema = movieSchema.extend({
  meanRating: z.number().nullable().describe('The plain mean, in rating units.'),
  ratings: z.int().describe('How many rated it.'),
})
const ranking = <Item extends z.ZodType>(item: Item, id: string, more: z.ZodRawShape = {}) =>
  z.object({ model: modelField, ...more, items: z.array(item) }).meta({ id })

const source = z
  .enum(['model', 'baseline'])
  .describe(
    '`model`: the bias that the algorithm learnt, in its own units; `baseline`: the damped bias in rating units, for algorithms that learn none.',
  )
const biasSchema = ranking(rankedSchema.extend({ bias: z.number() }), 'BiasRanking', { source })
const meanSchema = ranking(
  rankedSchema.extend({
    dampedMean: z.number().describe('In rating units; what it is ranked by.'),
  }),
  'MeanRanking',
)
const popularSchema = ranking(rankedSchema, 'PopularRanking')
const trendingSchema = ranking(
  rankedSchema.extend({
    recentRatings: z.int().describe('How many rated it in the window.'),
    expectedRatings: z.number().describe('How many would have, at its share of all ratings.'),
    trend: z.number().describe('(recent − expected) / √(expected + 1); what it is ranked by.'),
  }),
  'TrendingRanking',
  {
    asOf: z.iso
      .datetime()
      .nullable()
      .describe('The newest rating, where the window ends; null where ratings have no times.'),
  },
)

/** Routes of rankings: movies in an order that is the same for everybody. */
export function rankingRoutes(app: App, serving: Serving, cache: ResponseCache): void {
  const ranked = <Ranking>(
    request: FastifyRequest,
    reply: FastifyReply,
    rank: (snapshot: Snapshot) => Ranking,
  ) => {
    const snapshot = serving.snapshot()
    const make = () => ({ model: snapshot.version, ...rank(snapshot) })
    const told = toldOf(snapshot, { isCounted: true })
    return tagged(request, reply, tagOf(snapshot, told), make, cache)
  }

  app.get(
    '/v1/movies/rankings/bias',
    operation('read', {
      operationId: 'rankMoviesByBias',
      isTagged: true,
      summary: 'Rank movies by their bias',
      description:
        'The bias is what is left of a rating once the tastes of the users are taken out: how good a movie is to those who would not have liked its kind, too.',
      tags: ['movies'],
      querystring: z.strictObject({ order, mostRated, ...shared }),
      response: { ...answer(200, 'The ranking.', biasSchema), ...problems('no-model') },
    }),
    (request, reply) => ranked(request, reply, (snapshot) => rankByBias(snapshot, request.query)),
  )

  app.get(
    '/v1/movies/rankings/mean',
    operation('read', {
      operationId: 'rankMoviesByMean',
      isTagged: true,
      summary: 'Rank movies by their damped mean rating',
      description: 'Damped, so that one rating of five stars makes no best movie.',
      tags: ['movies'],
      querystring: z.strictObject({ order, damping, ...shared }),
      response: { ...answer(200, 'The ranking.', meanSchema), ...problems('no-model') },
    }),
    (request, reply) => ranked(request, reply, (snapshot) => rankByMean(snapshot, request.query)),
  )

  app.get(
    '/v1/movies/rankings/popular',
    operation('read', {
      operationId: 'rankMoviesByPopularity',
      isTagged: true,
      summary: 'Rank movies by how many rated them',
      tags: ['movies'],
      querystring: z.strictObject(shared),
      response: { ...answer(200, 'The ranking.', popularSchema), ...problems('no-model') },
    }),
    (request, reply) =>
      ranked(request, reply, (snapshot) => rankByPopularity(snapshot, request.query)),
  )

  app.get(
    '/v1/movies/rankings/trending',
    operation('read', {
      operationId: 'rankMoviesByTrend',
      isTagged: true,
      summary: 'Rank movies by how much more they were rated lately than before',
      description:
        'Counted when the model was trained, from all its ratings. Empty where ratings have no times, and for models trained before this was counted.',
      tags: ['movies'],
      querystring: z.strictObject({ window, ...shared }),
      response: { ...answer(200, 'The ranking.', trendingSchema), ...problems('no-model') },
    }),
    (request, reply) => ranked(request, reply, (snapshot) => rankByTrend(snapshot, request.query)),
  )
}
