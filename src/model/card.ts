import { z } from 'zod'
import { livePositionSchema } from './data/live-position.ts'
import { epochSchema } from './epoch-report.ts'
import { promotionSchema } from './promotion.ts'
import { trainingSpecSchema } from './spec/training-spec.ts'

const errors = z
  .object({
    rmse: z.number().describe('Root of the mean squared error, in rating units.'),
    mse: z.number(),
    mae: z.number().describe('Mean absolute error, in rating units.'),
    rows: z.int().describe('Held-out ratings it was measured on.'),
  })
  .meta({ id: 'ErrorMetrics' })
export type ErrorMetrics = z.infer<typeof errors>

const rankingSummary = z
  .object({
    'ndcg@10': z.number(),
    'recall@10': z.number(),
    'hit@10': z.number().describe('Share of the users whose ten have a movie that they liked.'),
    users: z
      .int()
      .describe(
        'Users who liked a held-out movie: all of them, or a sample of at least 1,000 where lists of all would cost more than the training of the ranking.',
      ),
  })
  .meta({ id: 'RankingMetrics' })
const compressionSchema = z.object({
  rows: z.enum(['held-out', 'training']).describe('Which ratings it was measured on.'),
  averagedRmse: z.number().describe('Of the average of all sweeps, in rating units.'),
  savedRmse: z.number().describe('Of the vectors that are saved, which approximate it.'),
})
/** The error of one saved vector for each user and movie beside that of every sweep's. */
export type Compression = z.infer<typeof compressionSchema>

const samplingSchema = z.object({
  burnIn: z.int().describe('Sweeps before the average began; of several chains the most.'),
  settled: z
    .boolean()
    .nullable()
    .describe(
      'Whether the training error had settled by then: its mean over the last quarter of these sweeps is within a twentieth of that over the quarter before; null without a burn-in.',
    ),
})
/** How a sampling went. */
export type Sampling = z.infer<typeof samplingSchema>

const warmStartSchema = z
  .object({
    from: z.string().nullable().describe('The model it started from; null if it started cold.'),
    reason: z.string().nullable().describe('Why it started cold though a start was asked for.'),
    users: z.int().describe('Users that had vectors there.'),
    newUsers: z.int(),
    movies: z.int().describe('Movies that had vectors there.'),
    newMovies: z.int(),
    epochs: z.int().describe('Epochs, of "bayes" sweeps, that the measured model took.'),
  })
  .meta({ id: 'WarmStart' })
/** From what a training started. */
export type WarmStartReport = z.infer<typeof warmStartSchema>

const measured = {
  rows: z.int().describe('Held-out ratings, at most 200,000 in all.'),
  covered: z
    .number()
    .nullable()
    .describe('The share that lies in its interval; null without rows.'),
  width: z.number().nullable().describe('Mean width of the intervals, in rating units.'),
}
// Named, so that openapi.yaml says it once.
z.object(measured).meta({ id: 'Coverage' })

const coverageOfGroupSchema = z
  .object({
    from: z.int().describe('Training ratings, at least; 0 are those never trained.'),
    to: z.int().nullable().describe('Training ratings, at most; null for no limit.'),
    ...measured,
  })
  .meta({ id: 'CoverageOfGroup' })
export type CoverageOfGroup = z.infer<typeof coverageOfGroupSchema>

const coverageSchema = z
  .object({
    levels: z.array(z.object({ level: z.number(), ...measured })),
    byUserRatings: z
      .array(coverageOfGroupSchema)
      .describe('At level 0.9, by the training ratings of the user.'),
    byMovieRatings: z
      .array(coverageOfGroupSchema)
      .describe('At level 0.9, by the training ratings of the movie.'),
  })
  .describe(
    'How often prediction intervals hold, on the held-out rows: each half is measured with intervals that were calibrated on the other; those that are served are calibrated on both.',
  )
export type IntervalCoverage = z.infer<typeof coverageSchema>

const fileSchema = (name: string, type = 'safetensors') =>
  z.object({
    file: z.string().regex(new RegExp(`^${name}(-\\d+)?\\.${type}$`)),
    sizeBytes: z.int(),
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
  })

/**
 * Everything about a model but its numbers. Written last: a model without a card does not exist.
 */
export const cardSchema = z.object({
  version: z.string(),
  createdAt: z.iso.datetime(),
  jobId: z.string().nullable(),
  revision: z.int().optional().describe('How often users were erased from it.'),
  spec: trainingSpecSchema.describe(
    'What was trained; where "auto" was asked for, what was found or follows from the data.',
  ),
  asked: trainingSpecSchema
    .optional()
    .describe('What was asked for, with its "auto"; models of earlier releases lack it.'),
  engine: z.string().describe('The engine that trained it.'),
  backend: z.string().describe('What the engine ran on: cuda, webgpu or wasm.'),
  device: z.string().describe('The device in words.'),
  setbacks: z
    .array(z.string())
    .optional()
    .describe('Why the training began anew on this engine: devices that were lost before.'),
  data: z.object({
    version: z
      .string()
      .describe(
        'Names the set of imports, of ratings, movies and users, that it was trained from.',
      ),
    ratings: z.int(),
    users: z.int(),
    movies: z.int(),
    live: z
      .array(livePositionSchema)
      .optional()
      .describe('The newest live event of each epoch (lifetime of a Redis) that they have.'),
    newestImport: z.string().optional().describe('The newest import of ratings that they have.'),
    leftOut: z
      .array(z.string())
      .optional()
      .describe('Segments that were damaged, so that they lack them.'),
    trainRows: z.int().describe('Ratings that the measured model was fitted to.'),
    validRows: z.int().describe('Ratings held out from it, on which it was measured.'),
  }),
  ratingScale: z
    .array(z.number())
    .length(2)
    .nullish()
    .describe('The lowest and the highest rating, less slips far off; no prediction leaves them.'),
  likedFrom: z.number().nullish().describe('From this rating on, a movie counts as liked.'),
  refit: z
    .object({
      rows: z.int().describe('Ratings it was fitted to: all.'),
      epochs: z.int().describe('Epochs, as many as the measured model kept; of "bayes", sweeps.'),
      seconds: z.number(),
    })
    .nullish()
    .describe(
      'The model of this version, where it was fitted once more on all ratings after the figures of this card were measured without those held out; null where it was not, because that was not asked for or because it was not to serve (see `promotion`): then the model is the measured one, with users and movies folded in of whom all was held out.',
    ),
  warmStart: warmStartSchema
    .nullish()
    .describe(
      'From what it started, where that was asked for: from vectors that were fitted to no rating which its figures are measured on.',
    ),
  promotion: promotionSchema
    .nullish()
    .describe('Whether it was to serve, and why; models of earlier releases lack it.'),
  trainSeconds: z.number(),
  rankingSeconds: z
    .number()
    .nullable()
    .default(null)
    .describe('What training the ranking took besides; null for a model without one.'),
  epochs: z.array(epochSchema),
  metrics: errors.nullable().describe('On the held-out rows; null where nothing was held out.'),
  rankingMetrics: rankingSummary
    .nullable()
    .default(null)
    .describe(
      'Of the first ten by relevance among all movies that the user did not like in training, on the held-out rows; null for a model without a ranking.',
    ),
  baselines: z
    .object({ 'global-mean': errors, 'bias-only': errors })
    .nullable()
    .describe('Simple predictors on the same rows.'),
  losesToBiases: z
    .boolean()
    .nullish()
    .describe(
      'Whether its RMSE is above that of the damped biases ("bias-only"): such a model is worse than none. Null where nothing was held out.',
    ),
  sampling: samplingSchema.nullish().describe('How the sampling of "bayes" went.'),
  intervals: coverageSchema
    .nullable()
    .default(null)
    .describe('Null where nothing was held out, and for models of earlier releases.'),
  learntShare: z
    .number()
    .min(0)
    .max(1)
    .nullish()
    .describe(
      'What predictions keep of what was learnt beside the damped biases, as inner splits of the training ratings chose it where these are few; null where all is kept.',
    ),
  compression: compressionSchema
    .nullish()
    .describe('What the saved vectors lose against the average of all sweeps; only of "bayes".'),
  start: fileSchema('start')
    .optional()
    .describe(
      'The vectors that later trainings may start from: of the measured model, which knows no held-out rating.',
    ),
  tensors: fileSchema('model'),
  report: fileSchema('report', 'json')
    .optional()
    .describe('The report of its training; models of earlier releases do not say.'),
  sequence: z
    .int()
    .min(0)
    .optional()
    .describe('Counts the publications of a store; 0, or not there, of earlier releases.'),
})
export type ModelCard = z.infer<typeof cardSchema>

/** Whether one model was published before the other: a clock may have been set back. */
export function isPublishedBefore(one: ModelCard, other: ModelCard): boolean {
  const [a, b] = [one.sequence ?? 0, other.sequence ?? 0]
  return a === b ? one.createdAt + one.version < other.createdAt + other.version : a < b
}

/** The names that versions may have; they are generated, and checked before they meet a path. */
export const versionPattern = /^[a-z0-9][a-z0-9-]{0,63}$/
