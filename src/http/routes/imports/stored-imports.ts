import { z } from 'zod'
import type { Serving } from '../../../serving/serving.ts'
import {
  findImport,
  listImports,
  type StoredImport,
  undoImport,
} from '../../../storage/imports/stored-imports.ts'
import type { StoreHealth } from '../../../storage/integrity/store-health.ts'
import type { ObjectStore } from '../../../storage/object-store.ts'
import type { App } from '../../app-type.ts'
import { integer } from '../../in/query.ts'
import { answer, operation, problems } from '../../openapi/operation.ts'
import { nextCursorField } from '../../openapi/schemas.ts'

const notKnown = 'null where an earlier release stored it.'
const importSchema = z
  .object({
    id: z.string().describe('The `segment` of the answer to the import.'),
    kind: z.enum(['ratings', 'movies', 'users']),
    importedAt: z.iso.datetime(),
    rows: z
      .int()
      .nullable()
      .describe('Ratings, movies or users that are stored of it; null where it is damaged.'),
    damage: z
      .string()
      .nullable()
      .describe('Why it is damaged, so that it does not count; null where it does.'),
    format: z.string().nullable().describe(`The format that was recognised; ${notKnown}`),
    accepted: z.int().nullable().describe(`Lines that were taken; ${notKnown}`),
    refused: z.int().nullable().describe(`Lines that were not; ${notKnown}`),
    key: z
      .string()
      .nullable()
      .describe(
        'Role and first eight digits of the SHA-256 of the key that it came with, as in `MARQUEE_API_KEYS`; null without keys.',
      ),
  })
  .meta({ id: 'Import' })

const listSchema = z
  .object({
    items: z.array(importSchema).describe('Newest first.'),
    nextCursor: nextCursorField,
  })
  .meta({ id: 'ImportList' })

const params = z.object({ id: z.string().max(64).describe('The id of the import.') })

/** Routes of what was imported: the list, one, and taking one back. */
export function storedImportRoutes(
  app: App,
  { store, serving, health }: { store: ObjectStore; serving: Serving; health: StoreHealth },
): void {
  app.get(
    '/v1/imports',
    operation('read', {
      operationId: 'listImports',
      summary: 'List the imports',
      description: 'Each file is one, an archive up to three; live ratings are none.',
      tags: ['imports'],
      querystring: z.strictObject({
        n: integer({ min: 1, max: 100 }).default(20).describe('How many.'),
        cursor: z.string().max(64).optional().describe('The `nextCursor` of the page before.'),
      }),
      response: { ...answer(200, 'The imports.', listSchema), ...problems() },
    }),
    async ({ query: { n, cursor } }) => {
      const { imports, hasMore } = await listImports(
        store,
        { limit: n, before: cursor },
        health.damage(),
      )
      return {
        items: imports.map(viewOf),
        nextCursor: hasMore ? (imports.at(-1)?.id ?? null) : null,
      }
    },
  )

  app.get(
    '/v1/imports/:id',
    operation('read', {
      operationId: 'getImport',
      summary: 'Get one import',
      tags: ['imports'],
      params,
      response: { ...answer(200, 'The import.', importSchema), ...problems('unknown-import') },
    }),
    async ({ params: { id } }) => viewOf(await findImport(store, id, health.damage())),
  )

  app.delete(
    '/v1/imports/:id',
    operation('admin', {
      operationId: 'undoImport',
      summary: 'Take an import back',
      description:
        'What counted before it counts again: at once in answers, its ratings where no model was trained with them. Models that were trained with it stay, those trained from now on know nothing of it. A scale that was declared with it is taken back, too.',
      tags: ['imports'],
      params,
      response: { ...answer(200, 'What it was.', importSchema), ...problems('unknown-import') },
    }),
    async ({ params: { id } }) => {
      const undone = await undoImport(store, id)
      if (undone.kind === 'movies') await serving.refresh()
      if (undone.kind === 'ratings') await serving.refreshRatings()
      return viewOf(undone)
    },
  )
}

function viewOf({
  id,
  kind,
  importedAt,
  rows,
  damage,
  record,
}: StoredImport): z.output<typeof importSchema> {
  return {
    id,
    kind,
    importedAt: importedAt.toISOString(),
    rows,
    damage,
    format: record?.format ?? null,
    accepted: record?.accepted ?? null,
    refused: record?.refused ?? null,
    key: record?.key ?? null,
  }
}
