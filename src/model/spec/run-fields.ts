import { z } from 'zod'
import { rankingSpecSchema } from './ranking-spec.ts'

/** The fields of every training, whatever its algorithm: engine, seed, split, stopping, ranking. */
export const runFields = {
  engine: z
    .enum(['auto', 'simd', 'webgpu', 'tensorflow'])
    .meta({
      id: 'Engine',
      description: 'Which engine trains; "auto" takes the fastest one here that has the algorithm.',
    })
    .default('auto'),
  seed: z
    .int()
    .min(0)
    .max(2_147_483_647)
    .default(42)
    .describe('Seeds the split, the initial values and the order of the batches.'),
  split: z
    .strictObject({
      method: z
        .enum(['random', 'user-time', 'global-time'])
        .default('random')
        .describe(
          'Which: "random" rows; "user-time", the last of each user; "global-time", the last of all.',
        ),
      valid: z
        .number()
        .min(0)
        .max(0.9)
        .default(0.2)
        .describe('Share of the ratings held out and reported on, rounded down; 0 trains on all.'),
    })
    .meta({ id: 'Split', description: 'Which ratings are held out from training.' })
    .prefault({}),
  earlyStopping: z
    .strictObject({
      patience: z.int().min(1).max(100).default(2).describe('Epochs without a better error.'),
      share: z
        .number()
        .gt(0)
        .max(0.5)
        .default(0.1)
        .describe('Share of the training rows set apart to decide; the held-out rows never do.'),
    })
    .meta({
      id: 'EarlyStopping',
      description: 'Stop when the error on rows set apart stops falling and keep the best epoch.',
    })
    .nullable()
    .default(null),
  refit: z
    .boolean()
    .meta({
      id: 'Refit',
      description:
        'Whether, once it is measured on the held-out ratings, the model is fitted again on all of them: what serves then was fitted to every rating. Without it users and movies of whom all ratings were held out are folded in; either way what serves knows every rating, user and movie, and the figures of the card are those of the first fit.',
    })
    .default(true),
  ranking: rankingSpecSchema.nullable().prefault({}),
}
