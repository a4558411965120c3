import { z } from 'zod'
import { MarqueeError } from '../../../errors.ts'
import { cardSchema, type ModelCard } from '../../../model/card.ts'
import { holdSchema, modelChangeSchema } from '../../../model/promotion.ts'
import { reportSchema } from '../../../model/report.ts'
import type { Serving } from '../../../serving/serving.ts'
import type { ModelRegistry } from '../../../storage/model-registry.ts'
import { keyName } from '../../access.ts'
import type { App } from '../../app-type.ts'
import { answer, operation, problems } from '../../openapi/operation.ts'
import { modelField } from '../../openapi/schemas.ts'
import { sendBytes } from '../../out/byte-range.ts'
import { entityTag } from '../../out/entity-tag.ts'
import type { Experiments } from '../experiments/lifecycle.ts'

const modelSchema = cardSchema
  .extend({
    serving: z.boolean().describe('True for the model that answers now.'),
    epochs: cardSchema.shape.epochs.optional().describe('Not in lists.'),
  })
  .meta({ id: 'Model' })

const listSchema = z
  .object({
    serving: z.string().nullable().describe('The version that answers; null before the first.'),
    refusal: z
      .object({ version: z.string().nullable(), reason: z.string() })
      .nullable()
      .describe('Why a newer version does not serve; null when nothing is wrong.'),
    held: holdSchema.nullable(),
    rollbackTo: z
      .string()
      .nullable()
      .describe('The version that `rollback` returns to; null where there is none.'),
    history: z.array(modelChangeSchema).describe('What has served, the newest 50, newest first.'),
    items: z.array(modelSchema).describe('Newest first.'),
  })
  .meta({ id: 'ModelList' })

const changeSchema = z
  .object({
    model: z.string().nullable().describe('The version that answers from now on.'),
    previous: z.string().nullable().describe('The version that answered before.'),
  })
  .meta({ id: 'ModelChange' })

const modelReportSchema = reportSchema
  .extend({ model: modelField.describe('The version of the model that it tells of.') })
  .meta({ id: 'ModelReport' })

const params = z.object({ version: z.string().max(64).describe('The version of a model.') })

function bytesOf(description: string) {
  const schema = z.unknown().meta({ type: 'string', format: 'binary' })
  return { description, content: { 'application/octet-stream': { schema } } }
}

function nullWithout(error: unknown): null {
  if (error instanceof MarqueeError && error.code === 'no-earlier-model') return null
  throw error
}

const storeFaults = ['store-unavailable', 'store-read-only', 'out-of-space'] as const

/** Routes of the models: list, card, report, file, promotion and rollback. */
export function modelRoutes(
  app: App,
  {
    serving,
    registry,
    experiments,
  }: { serving: Serving; registry: ModelRegistry; experiments: Experiments },
): void {
  const withServing = (card: ModelCard) => {
    return { ...card, serving: card.version === serving.status().model }
  }
  const listed = (card: ModelCard) => {
    const { epochs: _, ...rest } = withServing(card)
    return rest
  }
  const changed = async (change: Promise<void>) => {
    const previous = serving.status().model
    await change
    await experiments.servingMoved()
    return { model: serving.status().model, previous }
  }

  app.get(
    '/v1/models',
    operation('read', {
      operationId: 'listModels',
      summary: 'List the models',
      description: 'Without their epochs, which the single model has.',
      tags: ['models'],
      response: { ...answer(200, 'Their cards.', listSchema), ...problems() },
    }),
    async () => {
      const { model, refusal } = serving.status()
      const { held = null, history = [] } = (await registry.pointer()) ?? {}
      const rollbackTo = await registry.rollbackTarget().catch(nullWithout)
      const items = (await registry.list()).map(listed)
      return { serving: model, refusal, held, rollbackTo, history, items }
    },
  )

  app.get(
    '/v1/models/:version',
    operation('read', {
      operationId: 'getModel',
      summary: 'Get one model',
      tags: ['models'],
      params,
      response: { ...answer(200, 'Its card.', modelSchema), ...problems('unknown-model') },
    }),
    async ({ params: { version } }) => withServing(await registry.card(version)),
  )

  app.get(
    '/v1/models/:version/report',
    operation('read', {
      operationId: 'getModelReport',
      isDear: true,
      summary: 'Get what the pictures of a training show',
      description:
        'Losses, rates, predicted against actual ratings, the error by number of ratings, and the tensors. Without held-out ratings those of errors are empty.',
      tags: ['models'],
      params,
      response: {
        ...answer(200, 'Its report.', modelReportSchema),
        ...problems('unknown-model', 'not-found', 'invalid-model'),
      },
    }),
    async ({ params: { version } }) => {
      return { model: version, ...(await registry.report(version)) }
    },
  )

  app.get(
    '/v1/models/:version/model.safetensors',
    operation('admin', {
      operationId: 'getModelFile',
      summary: 'Get the file of a model',
      description:
        'The tensors as they are stored, with the ids of all users and movies and all ratings, in the safetensors format. Its metadata tell algorithm, formula and where ids stand; `examples/read_model.py` reads it. The ETag is its SHA-256; one range may be asked for.',
      tags: ['models'],
      params,
      headers: z.looseObject({
        range: z.string().optional().describe('The bytes that are wanted, as in `bytes=0-999`.'),
      }),
      response: {
        200: bytesOf('The file.'),
        206: bytesOf('The range of it.'),
        ...problems('unknown-model', 'invalid-model', 'unsatisfiable-range'),
      },
    }),
    async (request, reply) => {
      const card = await registry.card(request.params.version)
      const bytes = await registry.openTensors(card)
      return sendBytes(request, reply, bytes, entityTag(card.tensors.sha256)) as never
    },
  )

  app.post(
    '/v1/models/:version/promote',
    operation('admin', {
      operationId: 'promoteModel',
      summary: 'Make a model the one that serves',
      description:
        'The model is loaded and checked first; a damaged one changes nothing. From then on trainings may change what serves; but not if it is an older model than the one that served: that is a return, as `rollback` is. An experiment that runs ends.',
      tags: ['models'],
      params,
      response: {
        ...answer(200, 'It serves.', changeSchema),
        ...problems('unknown-model', 'invalid-model', ...storeFaults),
      },
    }),
    async (request) => changed(serving.promote(request.params.version, keyName(request))),
  )

  app.post(
    '/v1/models/rollback',
    operation('admin', {
      operationId: 'rollbackModel',
      summary: 'Return to the model that served before',
      description:
        'No training changes what serves from then on, until somebody promotes a model, be it the one that serves: `held` of `GET /v1/models` says since when. An experiment that runs ends.',
      tags: ['models'],
      response: {
        ...answer(200, 'It serves.', changeSchema),
        ...problems('no-earlier-model', 'invalid-model', ...storeFaults),
      },
    }),
    async (request) => changed(serving.rollback(keyName(request))),
  )
}
