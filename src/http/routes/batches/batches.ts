import { z } from 'zod'
import { MarqueeError } from '../../../errors.ts'
import {
  type Batches,
  type BatchManifest,
  manifestSchema,
} from '../../../storage/batches/batches.ts'
import type { App } from '../../app-type.ts'
import { integer } from '../../in/query.ts'
import { answer, operation, problems } from '../../openapi/operation.ts'
import { sendBytes } from '../../out/byte-range.ts'
import { entityTag } from '../../out/entity-tag.ts'
import { ndjsonType } from '../../out/ndjson.ts'

const params = z.object({ id: z.string().max(64).describe('The id of the job that made it.') })
const listSchema = z
  .object({ items: z.array(manifestSchema.omit({ parts: true }).meta({ id: 'ListedBatch' })) })
  .meta({ id: 'BatchList' })

const types = {
  ndjson: ndjsonType,
  csv: 'text/csv; charset=utf-8',
  parquet: 'application/vnd.apache.parquet',
} as const

/** Routes of what `recommend-all` jobs have made. */
export function batchRoutes(app: App, batches: Batches): void {
  app.get(
    '/v1/batches',
    operation('read', {
      operationId: 'listBatches',
      summary: 'List the batches',
      description:
        'Without their parts, which the single batch has; those that are not done are jobs.',
      tags: ['recommendations'],
      response: { ...answer(200, 'Newest first.', listSchema), ...problems('store-unavailable') },
    }),
    async () => ({ items: (await batches.list()).map(({ parts: _, ...batch }) => batch) }),
  )

  app.get(
    '/v1/batches/:id',
    operation('read', {
      operationId: 'getBatch',
      summary: 'Get the manifest of a batch',
      description:
        'What a job of kind `recommend-all` has made, and which model and events it knows. Batches are removed after MARQUEE_BATCH_DAYS days. The lines of users that are erased are taken out.',
      tags: ['recommendations'],
      params,
      response: {
        ...answer(200, 'The manifest.', manifestSchema),
        ...problems('unknown-batch', 'store-unavailable'),
      },
    }),
    async ({ params: { id } }) => batches.get(id),
  )

  app.get(
    '/v1/batches/:id/parts/:part',
    operation('read', {
      operationId: 'getBatchPart',
      isLong: true,
      summary: 'Get a part of a batch',
      description:
        'NDJSON: of each user `{"userId", "basis", "orderBy", "items": [{"movieId", "rating", "score"}]}`, as `POST /v1/recommendations` answers, or of each pair `{"userId", "movieId", "rating", "basis"}`, as `POST /v1/predictions` does. CSV: the same with a line for each movie. Parquet: the columns of CSV, a missing value null. One range may be asked for.',
      tags: ['recommendations'],
      params: params.extend({ part: integer({ min: 0, max: 1_000_000 }).describe('From 0.') }),
      headers: z.looseObject({
        range: z.string().optional().describe('The bytes that are wanted, as in `bytes=0-999`.'),
      }),
      response: {
        200: linesOf('The part.'),
        206: linesOf('The range of it.'),
        ...problems('unknown-batch', 'unsatisfiable-range', 'store-unavailable'),
      },
    }),
    async (request, reply) => {
      const { id, part } = request.params
      const { parts, spec } = await batches.get(id)
      const found = parts.find((one) => one.part === part)
      const bytes = found && (await batches.openPart(id, found))
      if (!bytes) throw new MarqueeError('unknown-batch', `Batch ${id} has no part ${part}.`)
      const tag = entityTag(found.sha256)
      return sendBytes(request, reply, bytes, tag, types[spec.format]) as never
    },
  )

  app.delete(
    '/v1/batches/:id',
    operation('admin', {
      operationId: 'deleteBatch',
      summary: 'Remove a batch',
      description: 'Of a job that still makes one, cancel the job.',
      tags: ['recommendations'],
      params,
      response: {
        ...answer(200, 'What was removed.', manifestSchema),
        ...problems('unknown-batch', 'store-unavailable', 'store-read-only'),
      },
    }),
    async ({ params: { id } }): Promise<BatchManifest> => {
      const manifest = await batches.get(id)
      await batches.remove(id)
      return manifest
    },
  )
}

function linesOf(description: string) {
  const schema = z.string()
  return {
    description,
    content: {
      'application/x-ndjson': { schema },
      'text/csv': { schema },
      'application/vnd.apache.parquet': {
        schema: z.unknown().meta({ type: 'string', format: 'binary' }),
      },
    },
  }
}
