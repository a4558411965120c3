import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { MarqueeError } from '../../../errors.ts'
import { idSchema } from '../../../model/data/ids.ts'
import { movieCounts } from '../../../serving/movie-counts.ts'
import type { Serving } from '../../../serving/serving.ts'
import type { App } from '../../app-type.ts'
import { genresSchema, integer, list } from '../../in/query.ts'
import { answer, operation, problems } from '../../openapi/operation.ts'
import { listOf, movieSchema, nextCursorField } from '../../openapi/schemas.ts'
import { entityTag, tagged, tagOf, toldOf } from '../../out/entity-tag.ts'
import { movieMapPath } from './movie-map.ts'

const querySchema = z
  .strictObject({
    ids: list(z.array(idSchema).min(1).max(1_000))
      .optional()
      .describe(
        'These movies, in this order, in place of a search; several times, or with commas.',
      ),
    title: z
      .string()
      .max(200)
      .optional()
      .describe('Every word of it must occur in the title; case and accents do not matter.'),
    genres: genresSchema,
    cursor: z.string().max(4_096).optional().describe('The `nextCursor` of the page before.'),
    n: integer({ min: 1, max: 100 }).default(20).describe('How many on a page.'),
  })
  .refine(({ ids, title, genres, cursor }) => !ids || (title ?? genres ?? cursor) === undefined, {
    path: ['ids'],
    message: 'expected either ids or a search',
  })

const pageSchema = z
  .object({
    items: listOf(movieSchema).describe('By title; of `ids`, in their order.'),
    nextCursor: nextCursorField,
    unknownMovieIds: z
      .array(z.string())
      .optional()
      .describe('Of `ids`, those that neither catalogue nor model knows.'),
  })
  .meta({ id: 'MoviePage' })

const genresAnswer = z
  .object({
    items: listOf(
      z.object({ genre: z.string(), movies: z.int().describe('How many movies have it.') }),
    ).describe('Those of most movies first.'),
  })
  .meta({ id: 'GenreList' })

const detailSchema = movieSchema
  .extend({
    imdbId: z.string().nullable().describe('Of IMDb, as in tt0114709.'),
    tmdbId: z.string().nullable().describe('Of TMDB.'),
    hidden: z.boolean().describe('Whether no list shows it.'),
    model: z
      .string()
      .nullable()
      .describe('The model whose ratings are counted, and those told since; if any.'),
    ratings: z.int().describe('How many rated it.'),
    meanRating: z.number().nullable().describe('The plain mean, in rating units.'),
  })
  .meta({ id: 'MovieDetail' })

/** Routes of the catalogue of movies. */
export function movieRoutes(app: App, serving: Serving): void {
  app.get(
    '/v1/movies',
    operation('public', {
      operationId: 'searchMovies',
      isDear: true,
      isTagged: true,
      summary: 'List or search the catalogue',
      description: 'Needs no model; the catalogue is empty before the first import of movies.',
      tags: ['movies'],
      querystring: querySchema,
      response: { ...answer(200, 'One page.', pageSchema), ...problems() },
    }),
    (request, reply) => {
      const catalogue = serving.catalogue()
      const { ids, ...search } = request.query
      if (ids)
        return tagged(request, reply, tagFor(serving, { isCounted: true }), () =>
          theseMovies(serving, ids),
        )
      return tagged(request, reply, entityTag(catalogue.version), () => catalogue.search(search))
    },
  )

  app.get(
    '/v1/genres',
    operation('public', {
      operationId: 'listGenres',
      isTagged: true,
      summary: 'List the genres of the catalogue',
      tags: ['movies'],
      response: { ...answer(200, 'All of them.', genresAnswer), ...problems() },
    }),
    (request, reply) => {
      const catalogue = serving.catalogue()
      return tagged(request, reply, entityTag(catalogue.version), () => {
        return { items: catalogue.genres() }
      })
    },
  )

  app.get(
    '/v1/movies/:movieId',
    operation('public', {
      operationId: 'getMovie',
      isTagged: true,
      summary: 'Get one movie',
      description:
        'While no movie is called `map`, that one address leads to the map of the movies, which was there before (308).',
      tags: ['movies'],
      params: z.object({ movieId: idSchema.describe('Any movie.') }),
      response: { ...answer(200, 'The movie.', detailSchema), ...problems('unknown-movie') },
    }),
    (request, reply) => {
      const { movieId } = request.params
      if (movieId === 'map' && !isKnownMovie(serving, movieId))
        return toMovieMap(request, reply) as never
      const tag = tagFor(serving, { movieId })
      return tagged(request, reply, tag, () => movieDetail(serving, movieId))
    },
  )
}

/** The tag of answers that rest on the catalogue, on the model and on what was told of this. */
function tagFor(serving: Serving, about: Parameters<typeof toldOf>[1]): string {
  const snapshot = serving.findSnapshot()
  return snapshot
    ? tagOf(snapshot, toldOf(snapshot, about))
    : entityTag(serving.catalogue().version)
}

function theseMovies(serving: Serving, ids: readonly string[]): z.output<typeof pageSchema> {
  const snapshot = serving.findSnapshot()
  const catalogue = snapshot?.catalogue ?? serving.catalogue()
  const isKnown = ids.map((id) => isKnownMovie(serving, id))
  return {
    items: ids
      .filter((_, i) => isKnown[i])
      .map((movieId) => {
        const {
          title = null,
          displayTitle = null,
          year = null,
          genres = [],
        } = catalogue.find(movieId) ?? {}
        return { movieId, title, displayTitle, year, genres }
      }),
    nextCursor: null,
    unknownMovieIds: ids.filter((_, i) => !isKnown[i]),
  }
}

/** Whether the catalogue has the movie, or anybody rated it. */
function isKnownMovie(serving: Serving, movieId: string): boolean {
  const snapshot = serving.findSnapshot()
  const isRated = snapshot !== null && movieCounts(snapshot, movieId) !== null
  return isRated || serving.catalogue().find(movieId) !== null
}

/** The address of the map before it made way for a movie of that id, which may come any time. */
function toMovieMap(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const at = request.url.indexOf('?')
  const query = at < 0 ? '' : request.url.slice(at)
  return reply.header('cache-control', 'no-store').redirect(`${movieMapPath}${query}`, 308)
}

function movieDetail(serving: Serving, movieId: string): z.output<typeof detailSchema> {
  const snapshot = serving.findSnapshot()
  const counts = snapshot && movieCounts(snapshot, movieId)
  const catalogue = snapshot?.catalogue ?? serving.catalogue()
  const movie = catalogue.find(movieId)
  if (!movie && !counts)
    throw new MarqueeError('unknown-movie', `There is no movie ${JSON.stringify(movieId)}.`)
  const { title = null, displayTitle = null, year = null, genres = [] } = movie ?? {}
  const { ratings, mean } = counts ?? { ratings: 0, mean: Number.NaN }
  return {
    ...{ movieId, title, displayTitle, year, genres },
    imdbId: movie?.imdbId ?? null,
    tmdbId: movie?.tmdbId ?? null,
    hidden: catalogue.isHidden(movieId),
    model: snapshot?.version ?? null,
    ratings,
    meanRating: ratings > 0 ? mean : null,
  }
}
