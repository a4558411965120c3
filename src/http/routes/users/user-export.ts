import { z } from 'zod'
import type { Live } from '../../../live/live.ts'
import { idSchema } from '../../../model/data/ids.ts'
import type { TaskRunner } from '../../../serving/thread/task-runner.ts'
import { eachSegment } from '../../../storage/exports/current-segments.ts'
import type { ModelRegistry } from '../../../storage/model-registry.ts'
import type { ObjectStore } from '../../../storage/object-store.ts'
import { loadSegments } from '../../../storage/segments/load-segments.ts'
import { liveRangeOf, segmentName } from '../../../storage/segments/segment-names.ts'
import { verifyTensors } from '../../../storage/verify-tensors.ts'
import type { App } from '../../app-type.ts'
import { answer, operation, problems } from '../../openapi/operation.ts'

const importField = z.string().describe('The import that it came with.')
const exportSchema = z
  .object({
    userId: z.string(),
    ratings: z
      .array(
        z.object({
          movieId: z.string(),
          rating: z.number().nullable().describe('Null where it was taken back.'),
          timestamp: z.int().nullable().describe('Seconds since 1970; null where not known.'),
          import: importField.nullable().describe('Null for one that was told by itself.'),
        }),
      )
      .describe('All that are stored; of two of one movie, the later counts.'),
    attributes: z
      .array(z.object({ name: z.string(), value: z.string(), import: importField }))
      .describe('What was imported about the user; the last import counts.'),
    models: z
      .array(z.object({ model: z.string(), ratings: z.int() }))
      .describe('The kept models that were trained with the user, and on how many ratings.'),
  })
  .meta({ id: 'UserExport' })

/** Work per byte of a segment, as an estimate. */
const operationsPerByte = 5

/** Route of what is known of one user, apart from experiments. */
export function userExportRoutes(
  app: App,
  deps: {
    live: Pick<Live, 'unfolded'>
    store: ObjectStore
    registry: ModelRegistry
    tasks: TaskRunner
  },
): void {
  app.get(
    '/v1/users/:userId/export',
    operation('admin', {
      operationId: 'exportUser',
      isLong: true,
      summary: 'Export what is known of a user',
      description:
        'Everything is read for it, so that it takes as long as a training takes to begin. Empty lists where nothing is known. What experiments showed the user is not in it.',
      tags: ['users'],
      params: z.object({ userId: idSchema.describe('Any user.') }),
      response: {
        ...answer(200, 'What is known.', exportSchema),
        ...problems('log-unavailable', 'invalid-model'),
      },
    }),
    async ({ params: { userId } }) => knownOf(userId, deps),
  )
}

async function knownOf(
  userId: string,
  { live, store, registry, tasks }: Parameters<typeof userExportRoutes>[1],
): Promise<z.output<typeof exportSchema>> {
  const rated = await eachSegment(store, live.unfolded, async ({ bytes, key }) => {
    const operations = operationsPerByte * bytes.length
    const rows = await tasks.run('ratingsOfUser', operations, bytes, key, userId)
    const name = segmentName(key)
    const source = liveRangeOf(name) === null ? name : null
    return rows.map((row) => ({ ...row, import: source }))
  })
  const told = await loadSegments(store, 'users', async (bytes, key) => {
    const operations = operationsPerByte * bytes.length
    const texts = await tasks.run('attributesOfUser', operations, bytes, key, userId)
    return (texts ?? []).map((text) => ({ ...attributeOf(text), import: segmentName(key) }))
  })
  const models = []
  for (const card of await registry.list()) {
    const bytes = await registry.tensors(card)
    verifyTensors(card, bytes)
    const operations = operationsPerByte * bytes.length
    const ratings = await tasks.run('ratingsInModel', operations, bytes, userId)
    if (ratings !== null) models.push({ model: card.version, ratings })
  }
  return { userId, ratings: rated.made.flat(), attributes: told.segments.flat(), models }
}

/** Attributes are stored as "group:value". */
function attributeOf(text: string): { name: string; value: string } {
  const end = text.indexOf(':')
  return { name: text.slice(0, end), value: text.slice(end + 1) }
}
