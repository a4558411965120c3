import { z } from 'zod'
import { versionPattern } from '../card.ts'

/** The arms of an experiment: what served when it began, and what may take its place. */
export const arms = ['control', 'treatment'] as const
export type Arm = (typeof arms)[number]

/** What counts as a conversion, of a movie that was recommended: any rating, or a like. */
export const conversionKinds = ['ratings', 'likes'] as const

/** Names make keys of the store. */
export const experimentName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'expected letters, digits, dots and dashes, up to 64')

/** Two models side by side, as it was asked for. */
export const experimentSchema = z.object({
  name: experimentName,
  /** Of this run of the name: what is counted is kept under it. */
  id: z.string(),
  control: z.string().regex(versionPattern),
  treatment: z.string().regex(versionPattern),
  /** The share of users in the treatment. */
  share: z.number(),
  /** A recommended movie counts when it is rated within so many days. */
  windowDays: z.number(),
  counts: z.enum(conversionKinds),
  /** From which rating on a movie counts as liked. */
  likedFrom: z.number(),
  startedAt: z.iso.datetime(),
})
export type Experiment = z.infer<typeof experimentSchema>

const armTallySchema = z.object({
  users: z.int(),
  lists: z.int(),
  converted: z.int(),
  conversions: z.int(),
  ratings: z.int(),
  ratingSum: z.number(),
})
/**
 * What was counted in one arm: users that were shown a list, lists, users with a conversion,
 * conversions, and the ratings of recommended movies with their sum.
 */
export type ArmTally = z.infer<typeof armTallySchema>

export const tallySchema = z.object({ control: armTallySchema, treatment: armTallySchema })
export type Tally = z.infer<typeof tallySchema>

/** What became of an experiment. */
export const endedExperimentSchema = experimentSchema.extend({
  endedAt: z.iso.datetime(),
  /** The arm whose model was made to serve everybody; null where nothing was changed. */
  promoted: z.enum(arms).nullable(),
  /** Why it ended where nobody ended it. */
  reason: z.string().nullable(),
  /** Null where Redis did not tell. */
  tally: tallySchema.nullable(),
})
export type EndedExperiment = z.infer<typeof endedExperimentSchema>
