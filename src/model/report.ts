import { z } from 'zod'
import { epochSchema } from './epoch-report.ts'
import { algorithms } from './spec/training-spec.ts'

const rows = z.int().describe('Held-out ratings.')

const hexBinsSchema = z
  .object({
    columnSpacing: z.number().describe('Stars between two columns of centres.'),
    rowSpacing: z
      .number()
      .describe('Stars between two centres of a column; every second column is half of it higher.'),
    rows: rows.describe('Held-out ratings in all bins together.'),
    bins: z.array(
      z.object({
        actual: z.number().describe('The centre of the bin, in rating units.'),
        predicted: z.number().describe('The centre of the bin, in rating units.'),
        count: z.int().min(1).describe('Held-out ratings whose nearest centre this is.'),
      }),
    ),
  })
  .describe(
    'Predicted against actual ratings on the held-out rows, counted in a honeycomb of hexagons that are flat at top and bottom, 4/3 columnSpacing wide and rowSpacing high; empty ones are left out.',
  )
/** Counts of (actual, predicted) pairs in a honeycomb. */
export type HexBins = z.infer<typeof hexBinsSchema>

const errorBucketSchema = z
  .object({
    from: z.int().describe('Training ratings, at least; 0 are those never trained.'),
    to: z.int().describe('Training ratings, at most.'),
    rows,
    rmse: z.number().nullable().describe('In rating units; null where there is no row.'),
  })
  .meta({ id: 'ErrorBucket' })
/** The error on the held-out rows whose user or movie had `from` … `to` training ratings. */
export type ErrorBucket = z.infer<typeof errorBucketSchema>

const rateSchema = z.object({
  step: z.int().describe('From 0 over the whole training.'),
  learningRate: z.number(),
  momentum: z.number().describe('Momentum of SGD, or β1 of Adam.'),
})
/** The rates of one step. */
export type LearningRateOfStep = z.infer<typeof rateSchema>

const tensorSchema = z.object({
  name: z.string(),
  dtype: z.string().describe('As safetensors names it, such as F32.'),
  shape: z.array(z.int()),
  sizeBytes: z.int(),
})
/** A tensor without its numbers. */
export type TensorFacts = z.infer<typeof tensorSchema>

/** The report of a training, for pictures of it; kept beside the model. */
export const reportSchema = z.object({
  algorithm: z.enum(algorithms),
  losses: z
    .array(epochSchema.pick({ epoch: true, trainMse: true, validMse: true }))
    .describe('After each epoch.'),
  rates: z
    .array(rateSchema)
    .describe(
      'At most 500 steps at equal distances, the first and the last among them; none of "bayes".',
    ),
  predictedVsActual: hexBinsSchema,
  errorByUserRatings: z
    .array(errorBucketSchema)
    .describe('By the training ratings of the user: 0, 1, 2–3, 4–7 and so on.'),
  errorByMovieRatings: z
    .array(errorBucketSchema)
    .describe('By the training ratings of the movie: 0, 1, 2–3, 4–7 and so on.'),
  tensors: z.array(tensorSchema).describe('In the order of the file.'),
})
export type ModelReport = z.infer<typeof reportSchema>
