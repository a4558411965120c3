import { z } from 'zod'
import { type EpochReport, epochSchema } from '../model/epoch-report.ts'
import { jobProgressSchema } from '../model/progress.ts'
import { type Promotion, promoteSchema, promotionSchema } from '../model/promotion.ts'
import { batchSpecSchema } from '../model/spec/batch-spec.ts'
import { learningRateSearchSchema } from '../model/spec/learning-rate-search.ts'
import { trainingSpecSchema } from '../model/spec/training-spec.ts'
import { tuningResultSchema } from '../model/spec/trial.ts'
import { tuningSpecSchema } from '../model/spec/tuning-spec.ts'

export const jobStates = ['queued', 'running', 'completed', 'failed', 'cancelled'] as const

const common = {
  id: z.string(),
  state: z.enum(jobStates),
  createdAt: z.iso.datetime(),
  priority: z.int().describe('Of waiting jobs those with the lowest number are taken first.'),
  schedule: z.string().optional().describe('The schedule that asked for it, where one did.'),
  startedAt: z.iso.datetime().nullable(),
  finishedAt: z.iso.datetime().nullable(),
  attempts: z.int().describe('How often a worker has taken it up.'),
  progress: jobProgressSchema,
  epochs: z
    .array(epochSchema)
    .optional()
    .describe('The epochs of the present attempt; not in lists.'),
  askedBy: z
    .string()
    .nullable()
    .describe('The key that asked for it, as in `imports`; null where none is needed.'),
  model: z.string().nullable().describe('The version it published; null before that.'),
  promotion: promotionSchema.nullable().describe('Null until the model is published.'),
  error: z
    .object({ code: z.string(), detail: z.string() })
    .nullable()
    .describe('Why it failed; null unless it did.'),
}

// Named, so that openapi.yaml says once what jobs of every kind have.
z.object(common).meta({ id: 'JobBase' })

const trainingResult = z
  .object({
    losesToBiases: z
      .boolean()
      .nullable()
      .describe(
        'Whether the model has a higher RMSE on the held-out ratings than the damped biases; null where nothing was held out.',
      ),
  })
  .meta({ id: 'TrainingResult' })
/** What is to be said of a model that a job has published, besides its card. */
export type TrainingResult = z.infer<typeof trainingResult>
/** What a worker leaves with a job that has published a model. */
export type Published = TrainingResult & { readonly promotion: Promotion | null }

const batchResult = z
  .object({
    batch: z.string().describe('The id under `/v1/batches`.'),
    model: z.string().describe('The version of the model that answered.'),
    users: z.int(),
    rows: z.int().describe('Lists, or predictions.'),
    sizeBytes: z.int(),
  })
  .meta({ id: 'BatchResult' })
/** What a worker leaves with a job that has answered for many. */
export type BatchResult = z.infer<typeof batchResult>

/** A job as its users see it; `spec` was asked for, `result` is all that came out but a model. */
export const jobSchema = z
  .discriminatedUnion('kind', [
    z
      .object({
        ...common,
        kind: z.literal('train'),
        spec: trainingSpecSchema,
        warmStart: z
          .string()
          .describe('From what it was asked to start; the card says from what it did.'),
        promote: promoteSchema,
        result: trainingResult.nullable().describe('Null until it is completed.'),
      })
      .describe('A training.'),
    z
      .object({
        ...common,
        kind: z.literal('find-rate'),
        spec: trainingSpecSchema,
        result: learningRateSearchSchema.nullable().describe('Null until it is completed.'),
      })
      .describe('A search for a learning rate.'),
    z
      .object({
        ...common,
        kind: z.literal('tune'),
        spec: tuningSpecSchema,
        result: tuningResultSchema,
      })
      .describe('A search for hyper-parameters.'),
    z
      .object({
        ...common,
        kind: z.literal('recommend-all'),
        spec: batchSpecSchema,
        result: batchResult.nullable().describe('Null until it is completed.'),
      })
      .describe('Lists or predictions for many users.'),
  ])
  .meta({ id: 'TrainingJob' })
export type ListedTrainingJob = z.infer<typeof jobSchema>
export type TrainingJob = ListedTrainingJob & { epochs: EpochReport[] }
