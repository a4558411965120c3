import { z } from 'zod'

const phaseSchema = z.enum(['burn-in', 'sampling'])
/** What an epoch of `bayes` is for: to leave the start, or to be averaged. */
export type Phase = z.infer<typeof phaseSchema>

export const epochSchema = z
  .object({
    epoch: z.int().describe('From 1.'),
    epochs: z.int().describe('Epochs in all.'),
    trainMse: z.number().describe('Mean over the batches of the epoch, while the weights moved.'),
    validMse: z
      .number()
      .nullable()
      .describe(
        'On the held-out rows, of "bayes" by the average of the sweeps so far; null where there are none.',
      ),
    learningRate: z
      .number()
      .nullable()
      .describe('At the end of the epoch; null of "bayes", which has none.'),
    phase: phaseSchema.optional().describe('Only of "bayes": whether the sweep is averaged.'),
    ratingsPerSecond: z.number(),
    seconds: z.number().describe('Training seconds of this epoch.'),
  })
  .meta({ id: 'EpochReport' })
/** The figures of one epoch. */
export type EpochReport = z.infer<typeof epochSchema>
