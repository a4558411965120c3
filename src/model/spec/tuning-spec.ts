import { z } from 'zod'
import { promoteSchema } from '../promotion.ts'
import { prioritySchema } from './job-priority.ts'
import {
  refuseBayes,
  type SteppedAlgorithm,
  type SteppedSpec,
  specSchemas,
  steppedSpecSchema,
} from './training-spec.ts'
import { tuningSpaces } from './tuning-space.ts'

const { engine, seed, split } = specSchemas.dot.shape

/** The most settings that a tuning draws, however much time there is. */
export const maxTrials = 1_000

const search = {
  strategy: z
    .enum(['random', 'halving'])
    .default('random')
    .describe(
      '"random" trains each setting in full. "halving" (successive halving) starts 27 at a time with a ninth of their epochs, goes on with the best third for three times as many, and so on.',
    ),
  trials: z.int().min(1).max(maxTrials).optional().describe('Settings to draw.'),
  minutes: z
    .number()
    .positive()
    .max(10_080)
    .optional()
    .describe('No setting is drawn once the trials have taken so long in all.'),
  innerValid: z
    .number()
    .gt(0)
    .max(0.5)
    .default(0.2)
    .describe('Share of the training ratings that the settings are compared on.'),
  engine,
  seed: seed.describe('Seeds the split, the settings drawn and their trainings.'),
  split: split.describe('The ratings that the winner will be reported on; tuning never sees them.'),
  trainWinner: z
    .boolean()
    .default(false)
    .describe('Train the winner on all training ratings, as a training job would, and publish it.'),
  promote: promoteSchema.default('auto'),
  priority: prioritySchema,
}

// Named, so that openapi.yaml says once what all tunings have in common.
z.object({ kind: z.literal('tune'), ...search }).meta({ id: 'TuningSearch' })

function tuningOf<Name extends SteppedAlgorithm>(algorithm: Name, id: string) {
  return z
    .strictObject({
      kind: z.literal('tune'),
      algorithm: z.literal(algorithm),
      space: tuningSpaces[algorithm],
      ...search,
    })
    .meta({ id })
}

/** One search for hyper-parameters as it is asked for. */
export const tuningSpecSchema = z
  .discriminatedUnion(
    'algorithm',
    [
      tuningOf('dot', 'DotTuning'),
      tuningOf('dot-bias', 'DotBiasTuning'),
      tuningOf('net', 'NetTuning'),
    ],
    {
      error: ({ input }) => refuseBayes(input, 'has nothing to tune'),
    },
  )
  .refine(({ trials, minutes }) => trials !== undefined || minutes !== undefined, {
    path: ['trials'],
    message: 'expected "trials", "minutes" or both',
  })
  .superRefine(refuseImpossible)
  .meta({
    id: 'TuningSpec',
    description: 'What to tune and for how long; "trials", "minutes" or both are needed.',
  })
export type TuningSpec = z.output<typeof tuningSpecSchema>
export type TuningSpecInput = z.input<typeof tuningSpecSchema>

/** Values of hyper-parameters by name, as they are drawn from a space. */
export const settingsSchema = z.record(
  z.string(),
  z.union([z.number(), z.string(), z.array(z.number())]),
)
export type Settings = z.infer<typeof settingsSchema>

/** The fields that all trials of a tuning share. */
type TuningBase = Pick<SteppedSpec, 'algorithm' | 'engine' | 'seed' | 'split'>

/** The training that a tuning tries with these settings, or an error that zod made. */
export function parseCandidate({ algorithm, engine, seed, split }: TuningBase, settings: Settings) {
  return steppedSpecSchema.safeParse({
    ...{ algorithm, engine, seed, split },
    phases: [],
    ...settings,
  })
}

/** Each value may be good and a training with it still not be: an engine may lack the optimizer. */
function refuseImpossible(tuning: TuningBase & { space: object }, context: z.RefinementCtx): void {
  for (const [name, dimension] of Object.entries(tuning.space))
    for (const value of Array.isArray(dimension) ? dimension : []) {
      const [issue] = parseCandidate(tuning, { [name]: value }).error?.issues ?? []
      // What is wrong with the value alone was said already.
      if (!issue || issue.path[0] === name) continue
      context.addIssue({ code: 'custom', path: ['space', name], message: issue.message })
      return
    }
}
