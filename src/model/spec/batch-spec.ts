import { z } from 'zod'
import { versionPattern } from '../card.ts'
import { idSchema } from '../data/ids.ts'
import { highestLevel, lowestLevel } from '../intervals.ts'
import { prioritySchema } from './job-priority.ts'
import { bodyParameters } from './list-parameters.ts'

const { cursor: _, ...listParameters } = bodyParameters
const listSchema = z.strictObject(listParameters).meta({ id: 'ListParameters' })

const mostAsked = 20_000
/** Lines are told apart by their ends. */
const id = idSchema.regex(/^\P{Cc}*$/u, 'expected no control characters')
const pairSchema = z.strictObject({ userId: id, movieId: id })
const predictSchema = z
  .strictObject({
    movieIds: z
      .array(id)
      .min(1)
      .max(1_000)
      .optional()
      .describe('These movies for each of the users; either these or pairs.'),
    pairs: z.array(pairSchema).min(1).max(mostAsked).optional().describe('Nothing but these.'),
    interval: z
      .number()
      .gt(lowestLevel)
      .max(highestLevel)
      .optional()
      .describe('The share of ratings that an interval is to hold; without it there are none.'),
  })
  .meta({ id: 'BatchPrediction' })

export const batchFormats = ['ndjson', 'csv', 'parquet'] as const
export type BatchFormat = (typeof batchFormats)[number]

const common = {
  kind: z.literal('recommend-all'),
  model: z
    .string()
    .regex(versionPattern)
    .optional()
    .describe('The version of the model that answers; what serves when the job begins.'),
  format: z
    .enum(batchFormats)
    .default('ndjson')
    .describe(
      '"ndjson": a line for each list, or prediction; "csv": a line for each movie, under a header in each part; "parquet": the same rows as columns with types, compressed with Snappy.',
    ),
}
const list = listSchema.optional().describe('The lists that are wanted, ten movies unless told.')

/** Lists or predictions for all users, or for some, as they are asked for. */
export const batchRequestSchema = z
  .strictObject({
    ...common,
    users: z
      .array(id)
      .min(1)
      .max(mostAsked)
      .optional()
      .describe('For these; for all users of the model, and those told of since, without.'),
    input: z
      .string()
      .regex(/^job-[0-9a-f]{24}$/)
      .optional()
      .describe(
        'For the users, or pairs, of this file, as `POST /v1/batches/inputs` named it; it serves one job.',
      ),
    list,
    predict: predictSchema.optional().describe('In place of lists: predictions.'),
    priority: prioritySchema,
  })
  .refine(({ list, predict }) => list === undefined || predict === undefined, {
    path: ['predict'],
    message: 'expected either list or predict',
  })
  .refine(
    ({ input, predict }) =>
      predict === undefined ||
      (input !== undefined && predict.pairs === undefined) ||
      (predict.movieIds === undefined) !== (predict.pairs === undefined),
    { path: ['predict', 'movieIds'], message: 'expected either movieIds or pairs' },
  )
  .refine(({ input, users }) => input === undefined || users === undefined, {
    path: ['input'],
    message: 'expected either input or users',
  })
  .refine(({ input, predict }) => input === undefined || predict?.pairs === undefined, {
    path: ['input'],
    message: 'expected either input or predict.pairs',
  })
  .refine(({ users, predict }) => users === undefined || predict?.pairs === undefined, {
    path: ['users'],
    message: 'pairs name their users; expected either users or predict.pairs',
  })
  .refine(({ format, list }) => format === 'ndjson' || !list?.explain, {
    path: ['list', 'explain'],
    message: 'only "ndjson" has room for reasons',
  })
  .refine(({ users }) => users === undefined || new Set(users).size === users.length, {
    path: ['users'],
    message: 'expected each user once',
  })
  .meta({ id: 'BatchRequest' })
export type BatchRequest = z.output<typeof batchRequestSchema>

/** The same as a job keeps it: whoever is asked for by id stands in the store. */
export const batchSpecSchema = z
  .object({
    ...common,
    list,
    predict: z
      .object({ movieIds: z.array(z.string()).optional(), interval: z.number().optional() })
      .optional(),
    asked: z
      .object({ what: z.enum(['users', 'pairs']), count: z.int() })
      .nullable()
      .describe('How many were asked for by id; null where it is for all users.'),
  })
  .meta({ id: 'BatchSpec' })
export type BatchSpec = z.output<typeof batchSpecSchema>

/** Whoever is asked for by id: users, or pairs. */
export type Asked = readonly string[] | readonly { userId: string; movieId: string }[]

/** The users or pairs that a request names itself; null where it names none. */
export function askedBy({ users, predict }: BatchRequest): Asked | null {
  return users ?? predict?.pairs ?? null
}
