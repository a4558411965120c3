import { z } from 'zod'

export const promoteModes = ['auto', 'if-better', 'manual'] as const

/**
 * When a new model serves. "auto" is the default, and asks the gate too: what is shown to be worse
 * does not serve, in doubt the new model does, because it knows the newest ratings. For "if-better"
 * the model that serves has the benefit of the doubt. Neither holds back a first model, bad as it
 * may be: without one nothing is answered.
 */
export const promoteSchema = z.enum(promoteModes).meta({
  id: 'Promote',
  description:
    'Whether the new model serves. "auto" (the default): unless its RMSE is above that of the damped biases, or it is shown to be worse than the settings of the model that serves; "if-better": only if it is shown to be better than those; "manual": not before it is promoted by hand. With "auto" and "if-better" a first model always serves, and none after a rollback by hand until a model is promoted by hand, nor while an experiment runs.',
})
export type PromoteMode = z.infer<typeof promoteSchema>

const figure = z
  .object({
    candidate: z.number().describe('Of the new model.'),
    serving: z.number().describe('Of the settings of the model that served.'),
    difference: z.number().describe('The first less the second.'),
    low: z.number().describe('Lower end of its 98 % interval, by a paired bootstrap over users.'),
    high: z.number().describe('Upper end.'),
    tolerance: z.number().describe('By so much it may be worse.'),
    users: z.int().describe('Users that it was measured on.'),
  })
  .meta({ id: 'ComparedFigure' })

export const comparisonSchema = z
  .object({
    rows: z.int().describe('Held-out ratings, which neither of the two was fitted to.'),
    rmse: figure,
    'ndcg@10': figure.nullable().describe('Null where no list could be measured.'),
    seconds: z.number().describe('What fitting and measuring those settings took.'),
    seed: z.int().describe('Seeds the fit and the bootstrap.'),
  })
  .meta({
    id: 'PromotionComparison',
    description:
      'The new model beside one that was fitted to the same training ratings with the settings of the model that served: that one itself has seen what is held out here.',
  })
/** Figures of a candidate and of the settings that serve, on the same held-out rows. */
export type Comparison = z.infer<typeof comparisonSchema>

/** Why a model serves, or does not; those that let it serve come first. */
export const verdicts = [
  'first',
  'better',
  'not-worse',
  'same-settings',
  'not-compared',
  'loses-to-biases',
  'worse',
  'not-better',
  'manual',
  'held',
] as const

export const promotionSchema = z
  .object({
    mode: promoteSchema,
    promoted: z.boolean().describe('Whether it was made the model that serves.'),
    verdict: z.enum(verdicts),
    reason: z.string().describe('The verdict in a sentence.'),
    decidedAt: z.iso.datetime(),
    askedBy: z
      .string()
      .nullable()
      .describe('The key that asked for the training, as in `imports`; null where none is needed.'),
    against: z.string().nullable().describe('The model that served then; null before the first.'),
    comparison: comparisonSchema.nullable().describe('Null where nothing was compared.'),
  })
  .meta({ id: 'Promotion', description: 'Whether a new model was to serve, and why.' })
/** What was decided of a model that was trained. */
export type Promotion = z.infer<typeof promotionSchema>

export const modelChangeSchema = z
  .object({
    version: z.string(),
    at: z.iso.datetime(),
    how: z
      .enum(['trained', 'promoted', 'rolled-back'])
      .describe('After a training, or by hand: promoted, or rolled back.'),
    by: z.string().nullable().describe('The key that asked for it; null where none is needed.'),
  })
  .meta({ id: 'ServingChange', description: 'A version that began to serve.' })
/** A change of the model that serves. */
export type ModelChange = z.infer<typeof modelChangeSchema>

export const holdSchema = z.object({ at: z.iso.datetime(), by: z.string().nullable() }).meta({
  id: 'Hold',
  description:
    'Somebody returned to an older model by hand: no training changes what serves until somebody promotes a model by hand, be it the one that serves.',
})
/** Since when, and by whom, no training may change what serves. */
export type Hold = z.infer<typeof holdSchema>
