import { z } from 'zod'
import { trainingSpecSchema } from './training-spec.ts'

const errors = z.object({
  rmse: z.number().describe('Root of the mean squared error, in stars.'),
  mse: z.number(),
  mae: z.number().describe('Mean absolute error, in stars.'),
  rows: z.int().describe('Held-out ratings it was measured on.'),
})
export type ErrorMetrics = z.infer<typeof errors>

const compressionSchema = z.object({
  rows: z.enum(['held-out', 'training']).describe('Which ratings it was measured on.'),
  averagedRmse: z.number().describe('Of the average of all sweeps, in stars.'),
  savedRmse: z.number().describe('Of the vectors that are saved, which approximate it.'),
})
/** What is lost by saving one vector for each user and movie instead of every sweep's. */
export type Compression = z.infer<typeof compressionSchema>

export const epochSchema = z.object({
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
  ratingsPerSecond: z.number(),
  seconds: z.number().describe('Training seconds of this epoch.'),
})
/** What is known after an epoch. */
export type EpochReport = z.infer<typeof epochSchema>

/** Everything about a model but its numbers. Written last: a model without a card does not exist. */
export const cardSchema = z.object({
  version: z.string(),
  createdAt: z.iso.datetime(),
  jobId: z.string().nullable(),
  spec: trainingSpecSchema.describe(
    'What was trained; where "auto" was asked for as learning rate, the rate that was found.',
  ),
  engine: z.string().describe('The engine that trained it.'),
  backend: z.string().describe('What the engine ran on: cuda, webgpu or wasm.'),
  device: z.string().describe('The device in words.'),
  data: z.object({
    version: z.string().describe('Names the set of imports that it was trained from.'),
    ratings: z.int(),
    users: z.int(),
    movies: z.int(),
    trainRows: z.int(),
    validRows: z.int(),
  }),
  trainSeconds: z.number(),
  epochs: z.array(epochSchema),
  metrics: errors.nullable().describe('On the held-out rows; null where nothing was held out.'),
  baselines: z
    .object({ 'global-mean': errors, 'bias-only': errors })
    .nullable()
    .describe('Simple predictors on the same rows.'),
  compression: compressionSchema
    .nullish()
    .describe('What the saved vectors lose against the average of all sweeps; only of "bayes".'),
  tensors: z.object({
    file: z.string().regex(/^model(-\d+)?\.safetensors$/),
    sizeBytes: z.int(),
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
  }),
})
export type ModelCard = z.infer<typeof cardSchema>

/** The names that versions may have; they are generated, and checked before they meet a path. */
export const versionPattern = /^[a-z0-9][a-z0-9-]{0,63}$/
