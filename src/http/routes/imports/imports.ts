import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { MarqueeError } from '../../../errors.ts'
import type { RatingScale } from '../../../model/data/rating-scale.ts'
import type { Serving } from '../../../serving/serving.ts'
import { importBeside } from '../../../storage/imports/import-beside.ts'
import type { ObjectStore } from '../../../storage/object-store.ts'
import { columnsExample, parseColumns } from '../../../storage/ratings/columns/given-columns.ts'
import type { ArchiveLimits } from '../../../storage/zip/archive-limits.ts'
import { keyName } from '../../access.ts'
import type { App } from '../../app-type.ts'
import { scaleParameter } from '../../in/query.ts'
import { bytesOf, importTypes } from '../../in/streamed-body.ts'
import { answer, operation, problems } from '../../openapi/operation.ts'
import { listOf, refusalsField } from '../../openapi/schemas.ts'

const reportSchema = z
  .object({
    format: z.string().describe('The format that was recognised by the content.'),
    accepted: z.int().describe('Lines that were taken.'),
    refused: z.int().describe('Lines that were not.'),
    refusals: refusalsField,
    segment: z.string().describe('The name under which they are stored.'),
  })
  .meta({ id: 'ImportReport' })

const scaleSchema = z
  .object({
    lowest: z.number().describe('Of the ratings that are not far off.'),
    highest: z.number(),
    declared: (z.tuple([z.number(), z.number()]) as z.ZodType<RatingScale>)
      .nullable()
      .describe('The scale that was declared for the store; null where none was.'),
    farOff: z
      .int()
      .describe('Ratings so far off all others that they must be slips; no part of the scale.'),
    farOffRatings: listOf(z.object({ line: z.int(), rating: z.number() })).describe(
      'The first of them. To have such lines refused, declare the scale.',
    ),
  })
  .meta({ id: 'ScaleReport' })

const ratingsReportSchema = reportSchema
  .extend({ scale: scaleSchema.describe('What scale the ratings of the file are on.') })
  .meta({ id: 'RatingsReport' })

const archiveReportSchema = z
  .object({
    ratings: ratingsReportSchema
      .nullable()
      .describe('Null when the archive has no file of ratings.'),
    movies: reportSchema.nullable().describe('Null when the archive has no file of movies.'),
    users: reportSchema.nullable().describe('Null when the archive has no file of users.'),
    skipped: listOf(z.string()).describe('Other files of the archive.'),
  })
  .meta({ id: 'ArchiveReport' })

const ratingScaleQuery = z.strictObject({
  ratingScale: scaleParameter
    .optional()
    .describe(
      'Declares the scale of all ratings of this store, as in `1,5`, until another is declared. Lines outside are refused, now and in later imports; stored ratings outside are not trained on.',
    ),
})
const ratingsQuery = ratingScaleQuery.extend({
  columns: z
    .string()
    .max(1_000)
    .optional()
    .describe(
      `Which columns to read, as in \`${columnsExample}\`: some or all by their names in the header (or keys of NDJSON); or by positions from 1, for a file without a header.`,
    ),
})
const parsedColumns = (text?: string) => (text === undefined ? null : parseColumns(text))
const fileSchema = z.unknown().meta({ type: 'string', format: 'binary' })
const refusals = problems(
  'too-large',
  'unsupported-media-type',
  'unrecognised-format',
  'no-good-line',
  'unsafe-archive',
  'import-refused',
  'too-many-imports',
  'store-unavailable',
  'store-read-only',
  'out-of-space',
)

/** Bounds of imports besides that of their bodies. */
export type ImportLimits = Partial<ArchiveLimits> & { readonly atOnce?: number }

/**
 * Routes of imports: files as bodies, read as they arrive. A bad line is reported and never stops
 * an import.
 */
export function importRoutes(
  app: App,
  deps: {
    store: ObjectStore
    serving: Serving
    limitBytes: number
    limits?: ImportLimits | undefined
  },
): void {
  const { store, serving, limitBytes } = deps
  const { atOnce = 4, ...given } = deps.limits ?? {}
  const limits = { ...given, maxArchiveBytes: limitBytes }
  const inTurn = atMost(atOnce)
  const tryOut = (segment: Uint8Array) => serving.tryMovies(segment)
  const bodyOf = (request: FastifyRequest) => bytesOf(request, limitBytes, limits)

  app.post(
    '/v1/ratings/import',
    operation('write', {
      operationId: 'importRatings',
      summary: 'Import a file of ratings',
      description:
        'The file itself is the body. Its format is recognised by its content: MovieLens `ratings.csv`, `ratings.dat`, `u.data`, any file with a header that names its columns (between commas, semicolons, tabs, `::` or bars; also `user_id`, `item_id` and the like), or NDJSON; or one of these in gzip (also as content encoding) or zip. Ratings are any numbers, times seconds or finer since 1970 or ISO 8601. A later rating of the same user and movie replaces the earlier one; one without a time, any before it. They count in answers at once, of imports since the serving model was trained up to a million ratings; more count from the next training on.',
      tags: ['imports'],
      consumes: importTypes,
      querystring: ratingsQuery,
      body: fileSchema,
      response: { ...answer(200, 'What was taken.', ratingsReportSchema), ...refusals },
    }),
    async (request) => {
      const { ratingScale: scale, columns } = request.query
      const wanted = { scale, columns: parsedColumns(columns), key: keyName(request), limits }
      const report = await inTurn(() => importBeside('ratings', store, bodyOf(request), wanted))
      await serving.refreshRatings()
      return report
    },
  )

  app.post(
    '/v1/movies/import',
    operation('write', {
      operationId: 'importMovies',
      summary: 'Import a file of movies',
      description:
        'The file itself is the body: MovieLens `movies.csv`, `movies.dat`, `u.item`, any CSV with those column names, or NDJSON. A later line about the same movie replaces the earlier one.',
      tags: ['imports'],
      consumes: importTypes,
      body: fileSchema,
      response: { ...answer(200, 'What was taken.', reportSchema), ...refusals },
    }),
    async (request) => {
      const wanted = { key: keyName(request), limits, tryOut }
      const report = await inTurn(() => importBeside('movies', store, bodyOf(request), wanted))
      await serving.refresh()
      return report
    },
  )

  app.post(
    '/v1/users/import',
    operation('write', {
      operationId: 'importUsers',
      summary: 'Import a file of users',
      description:
        'What is known of users besides their ratings, for the algorithms that learn from it. The file itself is the body: a CSV with a header whose first column is `userId`, `user_id` or `id` and whose other columns are attributes, MovieLens `u.user` or `users.dat`. Postal codes are not kept. A later line about the same user replaces the earlier one. No answer and no log shows an attribute.',
      tags: ['imports'],
      consumes: importTypes,
      body: fileSchema,
      response: { ...answer(200, 'What was taken.', reportSchema), ...refusals },
    }),
    async (request) => {
      const wanted = { key: keyName(request), limits }
      return inTurn(() => importBeside('users', store, bodyOf(request), wanted))
    },
  )

  app.post(
    '/v1/import',
    operation('write', {
      operationId: 'importArchive',
      summary: 'Import a MovieLens zip',
      description: 'The zip as it is downloaded, such as `ml-latest-small.zip`, is the body.',
      tags: ['imports'],
      consumes: ['application/zip', 'application/octet-stream'],
      querystring: ratingScaleQuery,
      body: fileSchema,
      response: {
        ...answer(200, 'What was taken.', archiveReportSchema),
        ...refusals,
      },
    }),
    async (request) => {
      const wanted = { ...limits, scale: request.query.ratingScale, key: keyName(request), tryOut }
      const report = await inTurn(() => importBeside('archive', store, bodyOf(request), wanted))
      await Promise.all([serving.refresh(), serving.refreshRatings()])
      return report
    },
  )
}

/** Does work unless so many are under way: then a `too-many-imports` error. */
function atMost(count: number): <T>(work: () => Promise<T>) => Promise<T> {
  let underWay = 0
  return async (work) => {
    if (underWay >= count)
      throw new MarqueeError(
        'too-many-imports',
        `${count} imports are under way (MARQUEE_IMPORTS_AT_ONCE). Send it again in some seconds.`,
      )
    underWay += 1
    try {
      return await work()
    } finally {
      underWay -= 1
    }
  }
}
