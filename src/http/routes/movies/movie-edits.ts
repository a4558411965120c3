import { z } from 'zod'
import { MarqueeError } from '../../../errors.ts'
import type { LiveLog, LiveMovie } from '../../../live/live-event.ts'
import { idSchema } from '../../../model/data/ids.ts'
import type { Movie } from '../../../model/data/movie.ts'
import { movieCounts } from '../../../serving/movie-counts.ts'
import type { Serving } from '../../../serving/serving.ts'
import { createMovieTaker } from '../../../storage/movies/take-movie.ts'
import type { App } from '../../app-type.ts'
import { answer, operation, problems } from '../../openapi/operation.ts'
import { listOf } from '../../openapi/schemas.ts'
import { checkPathId } from '../ratings/rating-check.ts'

const params = z.object({ movieId: idSchema.describe('Any movie.') })
const facts = {
  title: z.string().max(1_000).describe('A year in brackets at its end is taken for the year.'),
  year: z.int().nullable(),
  genres: z.array(z.string().max(100)).max(50),
  hidden: z.boolean().describe('Whether no list shows it.'),
}

const editedSchema = z
  .object({
    movieId: z.string(),
    title: z.string(),
    year: z.int().nullable(),
    genres: listOf(z.string()),
    hidden: z.boolean(),
  })
  .meta({ id: 'EditedMovie' })

const codes = ['log-unavailable', 'redis-full', 'too-large', 'unsupported-media-type'] as const

/** Routes that change one movie of the catalogue: each is an event of the log. */
export function movieEditRoutes(
  app: App,
  { serving, log }: { serving: Serving; log: Pick<LiveLog, 'append'> },
): void {
  const tell = async (movieId: string, movie: LiveMovie | null) => {
    checkPathId('movieId', movieId)
    await log.append([{ type: 'movie-changed', movieId, movie }])
  }
  const tellFacts = async (movieId: string, movie: LiveMovie) => {
    await tell(movieId, movie)
    return { movieId, ...movie }
  }

  app.put(
    '/v1/movies/:movieId',
    operation('write', {
      operationId: 'putMovie',
      summary: 'Describe a movie',
      description: 'In place of all that was known of it; a later import of the movie replaces it.',
      tags: ['movies'],
      params,
      body: z.strictObject({
        title: facts.title,
        year: facts.year.optional(),
        genres: facts.genres.default([]),
        hidden: facts.hidden.default(false),
      }),
      response: { ...answer(200, 'The movie.', editedSchema), ...problems(...codes) },
    }),
    ({ params: { movieId }, body: { hidden, ...movie } }) =>
      tellFacts(movieId, { ...checked({ movieId, ...movie }), hidden }),
  )

  app.patch(
    '/v1/movies/:movieId',
    operation('write', {
      operationId: 'patchMovie',
      summary: 'Change what is known of a movie',
      description: 'Only what is named (RFC 7396); null takes a year away.',
      tags: ['movies'],
      params,
      body: z
        .strictObject(z.object(facts).partial().shape)
        .refine((body) => Object.keys(body).length > 0, 'expected what is to change'),
      response: {
        ...answer(200, 'The movie.', editedSchema),
        ...problems('unknown-movie', ...codes),
      },
    }),
    ({ params: { movieId }, body }) => {
      const catalogue = serving.catalogue()
      const known = catalogue.find(movieId) ?? rated(serving, movieId)
      if (!known)
        throw new MarqueeError('unknown-movie', `There is no movie ${JSON.stringify(movieId)}.`)
      const { hidden = catalogue.isHidden(movieId), genres = known.genres, title, year } = body
      const movie = checked({ movieId, title: title ?? known.title, year, genres })
      return tellFacts(movieId, {
        title: title === undefined ? known.title : movie.title,
        year: year === undefined ? ((title === undefined ? null : movie.year) ?? known.year) : year,
        genres: movie.genres,
        hidden,
      })
    },
  )

  app.delete(
    '/v1/movies/:movieId',
    operation('write', {
      operationId: 'deleteMovie',
      summary: 'Take a movie out of the catalogue',
      description:
        'Its ratings stay, and so it stays in lists, without a title: `hidden` takes it out of them.',
      tags: ['movies'],
      params,
      response: {
        204: z.null().describe('The catalogue does not have it now.'),
        ...problems('log-unavailable', 'redis-full'),
      },
    }),
    async ({ params: { movieId } }, reply) => {
      await tell(movieId, null)
      return reply.code(204).send(null)
    },
  )
}

/** A movie that has ratings and no title. */
function rated(serving: Serving, movieId: string): Omit<Movie, 'movieId'> | null {
  const snapshot = serving.findSnapshot()
  const isRated = snapshot !== null && movieCounts(snapshot, movieId) !== null
  return isRated ? { title: '', year: null, genres: [] } : null
}

/** The facts as an import would take them; an `invalid-request` error says why it would not. */
function checked(movie: Omit<Movie, 'year'> & { year?: number | null | undefined }) {
  const taken: Movie[] = []
  const { movieId, title, genres, year } = movie
  const problem = createMovieTaker(taken)(movieId, title, genres, year ?? null)
  if (problem === null) {
    const { movieId: _, ...facts } = taken[0]!
    return facts
  }
  throw new MarqueeError('invalid-request', `The movie cannot be taken: ${problem}.`, {
    problems: [{ pointer: problem.startsWith('movieId') ? '/path/movieId' : '', detail: problem }],
  })
}
