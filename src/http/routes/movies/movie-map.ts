import { Readable } from 'node:stream'
import { z } from 'zod'
import { maxComponents } from '../../../serving/movie-map/map-sketch.ts'
import type { MovieMaps } from '../../../serving/movie-map/movie-map.ts'
import type { Serving } from '../../../serving/serving.ts'
import type { App } from '../../app-type.ts'
import { integer } from '../../in/query.ts'
import { answer, operation, problems } from '../../openapi/operation.ts'
import { modelField, movieTitle } from '../../openapi/schemas.ts'
import { jsonParts } from '../../out/json-parts.ts'

const querySchema = z.strictObject({
  components: integer({ min: 1, max: maxComponents })
    .default(3)
    .describe('How many dimensions; fewer where the movies of the model have fewer factors.'),
  mostRated: integer({ min: 2, max: 100_000 })
    .default(3_000)
    .describe('Only so many of the most rated movies.'),
})

const end = z.array(
  z.object({ ...movieTitle, coordinate: z.number() }).meta({ id: 'OutermostMovie' }),
)

const mapSchema = z
  .object({
    model: modelField,
    movies: z.int().describe('How many movies are on the map.'),
    components: z
      .array(
        z.object({
          explained: z.number().describe('Share of the variance of the factors, 0 to 1.'),
          highest: end.describe('Ten movies with the highest coordinates, from the outermost.'),
          lowest: end.describe('Ten movies with the lowest coordinates, from the outermost.'),
        }),
      )
      .describe('By falling share of the variance.'),
    items: z
      .array(
        z.object({
          ...movieTitle,
          genres: z.array(z.string()),
          ratings: z.int().describe('How many ratings are behind the model.'),
          coordinates: z.array(z.number()).describe('One along each component.'),
        }),
      )
      .describe('The most rated first.'),
  })
  .meta({ id: 'MovieMap' })

/** Beside `/v1/movies`, under which every name may be the id of a movie. */
export const movieMapPath = '/v1/movie-map'

/** Route of the map of the movies: principal components of their factors. */
export function movieMapRoutes(
  app: App,
  { serving, movieMaps }: { serving: Serving; movieMaps: MovieMaps },
): void {
  app.get(
    movieMapPath,
    operation('public', {
      operationId: 'getMovieMap',
      isDear: true,
      summary: 'Get the map of the movies',
      description:
        'The principal components of the movie factors, centred: the directions in which what the model learnt of the movies differs most. The first request of a model and size takes its time, the next are quick.',
      tags: ['movies'],
      querystring: querySchema,
      response: { ...answer(200, 'The map.', mapSchema), ...problems('no-model') },
    }),
    async ({ query }, reply) => {
      const snapshot = serving.snapshot()
      const { items, ...map } = await movieMaps.draw(snapshot, query)
      const parts = jsonParts({ model: snapshot.version, ...map }, 'items', items)
      return reply
        .type('application/json; charset=utf-8')
        .send(Readable.from(parts, { objectMode: false }) as never)
    },
  )
}
