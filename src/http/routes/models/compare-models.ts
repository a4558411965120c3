import { z } from 'zod'
import { cardSchema } from '../../../model/card.ts'
import { compareCards } from '../../../model/compare-cards.ts'
import { comparisonSchema } from '../../../model/promotion.ts'
import type { Serving } from '../../../serving/serving.ts'
import type { ModelRegistry } from '../../../storage/model-registry.ts'
import type { App } from '../../app-type.ts'
import { answer, operation, problems } from '../../openapi/operation.ts'

const { version, createdAt, data, metrics, rankingMetrics, losesToBiases } = cardSchema.shape
const sideSchema = z
  .object({
    version,
    createdAt,
    serving: z.boolean().describe('True for the model that answers now.'),
    ratings: data.shape.ratings.describe('That it was trained from.'),
    ...{ metrics, rankingMetrics },
    losesToBiases: losesToBiases.unwrap(),
  })
  .meta({ id: 'ComparedModel' })

const setting = z.unknown().describe('A value, or null for a setting that this one has not.')
const comparedSchema = z
  .object({
    a: sideSchema,
    b: sideSchema,
    comparable: z
      .boolean()
      .describe('Whether the held-out figures of both were measured on the same ratings.'),
    reason: z.string().describe('Why they are, or are not.'),
    settings: z
      .array(z.object({ name: z.string(), a: setting, b: setting }))
      .describe('Those that differ, as they were asked for; `ranking.factors` and the like.'),
    data: z
      .object({
        same: z.boolean().describe('Whether both were trained from the same imports and events.'),
        ratings: z.int(),
        users: z.int(),
        movies: z.int(),
      })
      .describe('What b was trained from, less what a was.'),
    gate: z
      .object({
        candidate: z.string().describe('Which of the two was to take the place of the other.'),
        comparison: comparisonSchema,
      })
      .nullable()
      .describe('What was measured then, on the same ratings; null where that was not these two.'),
  })
  .meta({ id: 'ModelComparison' })

const versionOf = (name: string) => z.string().max(64).describe(`The version of model ${name}.`)

/** Route of two models side by side. */
export function compareModelsRoutes(
  app: App,
  { serving, registry }: { serving: Serving; registry: ModelRegistry },
): void {
  app.get(
    '/v1/models/:version/compare/:other',
    operation('read', {
      operationId: 'compareModels',
      isDear: true,
      summary: 'Compare two models',
      description:
        'The held-out figures of both cards, the settings that differ, what was rated since, and what the gate measured if one of them was to take the place of the other. Nothing is measured anew.',
      tags: ['models'],
      params: z.object({ version: versionOf('a'), other: versionOf('b') }),
      response: {
        ...answer(200, 'Both, side by side.', comparedSchema),
        ...problems('unknown-model', 'invalid-model'),
      },
    }),
    async ({ params: { version, other: against } }) => {
      const [first, second] = await Promise.all([registry.card(version), registry.card(against)])
      const { settings, ...compared } = compareCards(first, second)
      const [one, other] = [first, second].map((card) => {
        const { version, createdAt, metrics, rankingMetrics, losesToBiases = null } = card
        return {
          ...{ version, createdAt, serving: version === serving.status().model },
          ...{ ratings: card.data.ratings, metrics, rankingMetrics, losesToBiases },
        }
      })
      return { a: one!, b: other!, ...compared, settings: [...settings] }
    },
  )
}
