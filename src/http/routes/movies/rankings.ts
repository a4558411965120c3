import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { type WindowName, windowDays } from '../../../model/data/recent-ratings.ts'
import { decodeCursor, encodeCursor } from '../../../serving/lists/list-cursor.ts'
import type { MovieFilter } from '../../../serving/lists/movie-filter.ts'
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
import { modelField, movieSchema, nextCursorField } from '../../openapi/schemas.ts'
import { tagged, tagOf, toldOf } from '../../out/entity-tag.ts'
import type { ResponseCache } from '../../out/response-cache.ts'

const many = 1_000_000_000
const order = z.enum(['top', 'bottom']).default('top').describe('The best or the worst first.')
const shared = {
  n: integer({ min: 1, max: 1_000 }).default(15).describe('How many on a page.'),
  cursor: z
    .string()
    .max(1_024)
    .optional()
    .describe('The `nextCursor` of the page before, with the same question.'),
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

const rankedSchema = movieSchema
  .extend({
    meanRating: z.number().nullable().describe('The plain mean, in rating units.'),
    ratings: z.int().describe('How many rated it.'),
  })
  .meta({ id: 'RankedMovie' })
const ranking = <Item extends z.ZodType>(item: Item, id: string, more: z.ZodRawShape = {}) =>
  z
    .object({
      model: modelField,
      ...more,
      items: z.array(item),
      nextCursor: nextCursorField,
    })
    .meta({ id })

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
export function rankingRoutes(
  app: App,
  deps: { serving: Serving; cache: ResponseCache; publicSeconds: number },
): void {
  const { serving, cache, publicSeconds } = deps
  const ranked = <Query extends Paged, Ranking extends { items: unknown[] }>(
    request: FastifyRequest & { query: Query },
    reply: FastifyReply,
    rank: (snapshot: Snapshot, query: Query) => Ranking,
  ) => {
    const snapshot = serving.snapshot()
    const make = () => pageOf(snapshot, request, rank)
    const told = toldOf(snapshot, { isCounted: true })
    return tagged(request, reply, tagOf(snapshot, told), make, cache, publicSeconds)
  }

  app.get(
    '/v1/movies/rankings/bias',
    operation('public', {
      operationId: 'rankMoviesByBias',
      isDear: true,
      isTagged: true,
      summary: 'Rank movies by their bias',
      description:
        'The bias is what is left of a rating once the tastes of the users are taken out: how good a movie is to those who would not have liked its kind, too.',
      tags: ['movies'],
      querystring: z.strictObject({ order, mostRated, ...shared }),
      response: {
        ...answer(200, 'The ranking.', biasSchema),
        ...problems('no-model', 'expired-cursor'),
      },
    }),
    (request, reply) => ranked(request, reply, rankByBias),
  )

  app.get(
    '/v1/movies/rankings/mean',
    operation('public', {
      operationId: 'rankMoviesByMean',
      isDear: true,
      isTagged: true,
      summary: 'Rank movies by their damped mean rating',
      description: 'Damped, so that one rating of five stars makes no best movie.',
      tags: ['movies'],
      querystring: z.strictObject({ order, damping, ...shared }),
      response: {
        ...answer(200, 'The ranking.', meanSchema),
        ...problems('no-model', 'expired-cursor'),
      },
    }),
    (request, reply) => ranked(request, reply, rankByMean),
  )

  app.get(
    '/v1/movies/rankings/popular',
    operation('public', {
      operationId: 'rankMoviesByPopularity',
      isDear: true,
      isTagged: true,
      summary: 'Rank movies by how many rated them',
      tags: ['movies'],
      querystring: z.strictObject(shared),
      response: {
        ...answer(200, 'The ranking.', popularSchema),
        ...problems('no-model', 'expired-cursor'),
      },
    }),
    (request, reply) => ranked(request, reply, rankByPopularity),
  )

  app.get(
    '/v1/movies/rankings/trending',
    operation('public', {
      operationId: 'rankMoviesByTrend',
      isDear: true,
      isTagged: true,
      summary: 'Rank movies by how much more they were rated lately than before',
      description:
        'Counted when the model was trained, from all its ratings. Empty where ratings have no times, and for models trained before this was counted.',
      tags: ['movies'],
      querystring: z.strictObject({ window, ...shared }),
      response: {
        ...answer(200, 'The ranking.', trendingSchema),
        ...problems('no-model', 'expired-cursor'),
      },
    }),
    (request, reply) => ranked(request, reply, rankByTrend),
  )
}

type Paged = MovieFilter & { n: number; cursor?: string | undefined }

/** The page of a ranking that is asked for. */
function pageOf<Query extends Paged, Ranking extends { items: unknown[] }>(
  snapshot: Snapshot,
  { query, routeOptions }: FastifyRequest & { query: Query },
  rank: (snapshot: Snapshot, query: Query) => Ranking,
): Ranking & { model: string; nextCursor: string | null } {
  const { n, cursor, ...question } = query
  const { genres, yearFrom, yearTo } = query
  const asksCatalogue = (genres ?? yearFrom ?? yearTo) !== undefined
  const catalogue = asksCatalogue ? ` and catalogue ${snapshot.catalogue.version}` : ''
  const list = {
    source: `model ${snapshot.version}${catalogue}`,
    question: [routeOptions.url, question],
  }
  const from = cursor === undefined ? 0 : decodeCursor(list, cursor, '/query/cursor')
  const end = from + n
  // One more than is shown tells whether there is a next page.
  const ranking = rank(snapshot, { ...query, n: end + 1 })
  const { items } = ranking
  return {
    model: snapshot.version,
    ...ranking,
    items: items.slice(from, end),
    nextCursor: items.length > end ? encodeCursor(list, end) : null,
  }
}
