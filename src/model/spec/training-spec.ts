import { z } from 'zod'
import { bayesSpecSchema } from './bayes-spec.ts'
import { presetSchema, withPreset } from './presets.ts'
import { runFields } from './run-fields.ts'

/**
 * The specification of a training, with one branch for each algorithm. Shared by HTTP, queue, card
 * and command line.
 */
const rate = z.number().positive().max(100)
const factors = z.int().min(1).max(1_024)

const ratingRange = z
  .union([
    z.enum(['auto', 'none']),
    z
      .array(z.number())
      .length(2)
      .refine(([lowest = 0, highest = 0]) => lowest < highest, 'expected [lowest, highest]'),
  ])
  .meta({
    id: 'RatingRange',
    description:
      'Predictions are lowest + (highest − lowest)·σ(…). "auto": an eighth of the scale beyond both of its ends, on 1–5 half a star (with preset "fastai" half a star on any scale); "none": no sigmoid; or [lowest, highest].',
  })

const optimisation = {
  batchSize: z.int().min(1).max(1_048_576).describe('Ratings in one step.'),
  epochs: z
    .union([z.int().min(1).max(1_000), z.literal('auto')])
    .describe(
      'Passes over the training ratings; with "phases", their sum counts instead. "auto": 8, on more than 100,000 ratings fewer, 5 at least.',
    ),
  optimizer: z.enum(['sgd', 'adam']).describe('SGD with momentum, or Adam.'),
  momentum: z
    .number()
    .min(0)
    .lt(1)
    .describe('Momentum of SGD, or β1 of Adam; "one-cycle" moves it 0.95 → 0.85 → 0.95 instead.'),
  beta2: z
    .number()
    .gt(0)
    .lt(1)
    .describe("Adam's decay of the squared gradients: 0.99 in fast.ai, 0.999 in PyTorch."),
  epsilon: z
    .number()
    .min(1e-10)
    .max(1)
    .describe("Adam's term against division by zero: 1e-5 in fast.ai, 1e-8 in PyTorch."),
  weightDecay: z
    .union([z.number().min(0).max(10), z.literal('auto')])
    .describe(
      'Strength of the weight decay. "auto": the less, the more ratings there are and the fewer users and movies share them.',
    ),
  decay: z
    .enum(['decoupled', 'l2'])
    .describe('"decoupled" shrinks the weights after the step (AdamW); "l2" adds to the gradient.'),
  learningRate: z.union([rate, z.literal('auto')]).meta({
    id: 'LearningRate',
    description:
      'The rate, or its peak where the schedule moves it. "auto": the learning-rate finder suggests it from the training rows; "phases" keep their proportions, the highest one at that rate.',
  }),
  schedule: z.enum(['constant', 'phases', 'one-cycle', 'cosine', 'self-adjusting']).meta({
    id: 'Schedule',
    description:
      'How the rate moves: constant; a list of phases; one-cycle (up, then down, as fast.ai); cosine with warm restarts; self-adjusting (after an epoch with a lower training error ×1.05, after a higher one ×0.5).',
  }),
  phases: z
    .array(z.strictObject({ epochs: z.int().min(1).max(1_000), learningRate: rate }))
    .max(100)
    .meta({ id: 'Phases', description: 'For "phases": epochs and rate of each, in order.' }),
  cycleLength: z.int().min(1).max(1_000).describe('For "cosine": epochs of the first cycle.'),
  cycleMultiplier: z
    .int()
    .min(1)
    .max(10)
    .describe('For "cosine": each cycle is this many times as long as the one before.'),
}

/** Optimisation of the two dot products, which can do more than the rest. */
const dotOptimisation = {
  ...optimisation,
  optimizer: z.enum(['sgd', 'adam', 'per-rating']).meta({
    id: 'DotOptimizer',
    description:
      'SGD with momentum, or Adam, by batches; or "per-rating": plain SGD with a step for each rating (batchSize and momentum play no part), which is the fastest and runs on engine "simd" alone.',
  }),
  decayScale: z
    .enum(['frequency', 'equal'])
    .default('frequency')
    .describe(
      'For "per-rating", which decays the rows of a rating at its step: the decay of a row is divided by the root of its number of ratings, or the same for all.',
    ),
}

const defaults = {
  preset: presetSchema,
  batchSize: optimisation.batchSize.default(64),
  optimizer: optimisation.optimizer.default('adam'),
  momentum: optimisation.momentum.default(0.9),
  beta2: optimisation.beta2.default(0.99),
  epsilon: optimisation.epsilon.default(1e-5),
  epochs: optimisation.epochs.default('auto'),
  weightDecay: optimisation.weightDecay.default('auto'),
  decay: optimisation.decay.default('decoupled'),
  schedule: optimisation.schedule.default('one-cycle'),
  phases: optimisation.phases.default([]),
  cycleLength: optimisation.cycleLength.default(1),
  cycleMultiplier: optimisation.cycleMultiplier.default(2),
}

const hasEngine = (spec: { engine: string; optimizer: string }) =>
  spec.optimizer !== 'per-rating' || spec.engine === 'auto' || spec.engine === 'simd'
const noEngine = {
  path: ['engine'],
  message: 'optimizer "per-rating" runs on engine "simd" alone; expected "auto" or "simd"',
}

const dot = z
  .strictObject({
    algorithm: z.literal('dot'),
    factors: factors.default(50).describe('Numbers in the vector of each user and movie.'),
    initialFactors: z
      .enum(['uniform', 'normal'])
      .default('normal')
      .describe(
        '"uniform" in 0 … 0.05, as the notebooks of 2017; "normal" around 0 with a deviation of 0.01, as the book.',
      ),
    ratingRange: ratingRange.default('auto'),
    ...dotOptimisation,
    ...defaults,
    optimizer: dotOptimisation.optimizer.default('adam'),
    learningRate: optimisation.learningRate.default(4e-3),
    ...runFields,
  })
  .refine(hasEngine, noEngine)
  .meta({
    id: 'DotSpec',
    description: 'Dot product of a user and a movie vector, added to the damped biases.',
  })

const dotBias = z
  .strictObject({
    algorithm: z.literal('dot-bias'),
    // The notebooks take 50 and 5e-3. Over eight inner splits of MovieLens 100K's training rows
    // these two had the lowest error; on latest-small they are within 0.3 % of the lowest.
    factors: factors.default(40).describe('Numbers in the vector of each user and movie.'),
    ratingRange: ratingRange.default('auto'),
    ...dotOptimisation,
    ...defaults,
    optimizer: dotOptimisation.optimizer.default('adam'),
    learningRate: optimisation.learningRate.default(4e-3),
    ...runFields,
  })
  .refine(hasEngine, noEngine)
  .meta({
    id: 'DotBiasSpec',
    description:
      'Dot product plus a bias of the user and one of the movie (fast.ai: EmbeddingDotBias).',
  })

const net = z
  .strictObject({
    algorithm: z.literal('net'),
    userFactors: factors.default(50).describe('Numbers in the vector of each user.'),
    movieFactors: factors.default(50).describe('Numbers in the vector of each movie.'),
    hiddenLayers: z
      .array(z.int().min(1).max(4_096))
      .min(1)
      .max(8)
      .default([10])
      .describe('Units of each hidden layer.'),
    embeddingDropout: z
      .number()
      .min(0)
      .lt(1)
      .default(0.05)
      .describe('Share of the joined embeddings dropped in a step.'),
    hiddenDropout: z
      .number()
      .min(0)
      .lt(1)
      .default(0.5)
      .describe('Share of each hidden layer dropped in a step.'),
    ratingRange: ratingRange.default('auto'),
    ...optimisation,
    ...defaults,
    learningRate: optimisation.learningRate.default(1e-3),
    ...runFields,
  })
  .refine(({ engine }) => engine !== 'webgpu', {
    path: ['engine'],
    message: 'engine "webgpu" has no "net"; expected "auto", "simd" or "tensorflow"',
  })
  .meta({
    id: 'NetSpec',
    description: 'A neural net over the joined embeddings (fast.ai: EmbeddingNet).',
  })

/** The algorithms that step along gradients. */
export const steppedAlgorithms = ['dot', 'dot-bias', 'net'] as const

/**
 * A training that steps along gradients: one that has a learning rate, and that a tuning can vary.
 */
export const steppedSpecSchema = z.preprocess(
  withPreset,
  z.discriminatedUnion('algorithm', [dot, dotBias, net], {
    error: ({ input }) => refuseBayes(input, 'has no learning rate to find'),
  }),
)

/** The trainings of each algorithm, whose presets are not filled in. */
export const specSchemas = { dot, 'dot-bias': dotBias, net, bayes: bayesSpecSchema } as const

/** Says why `bayes` is not among the algorithms here; nothing of other algorithms. */
export function refuseBayes(input: unknown, reason: string): string | undefined {
  const isBayes = (input as { algorithm?: unknown } | null)?.algorithm === 'bayes'
  return isBayes
    ? `"bayes" ${reason}; expected one of ${steppedAlgorithms.map((name) => `"${name}"`).join(', ')}`
    : undefined
}

/** One training as it is asked for, with every default filled in. */
export const trainingSpecSchema = z
  .preprocess(withPreset, z.discriminatedUnion('algorithm', [dot, dotBias, net, bayesSpecSchema]))
  .meta({ id: 'TrainingSpec', description: 'What to train and how.' })

export type TrainingSpec = z.output<typeof trainingSpecSchema>

/** A training that steps along gradients, at a learning rate. */
export type SteppedSpec = z.output<typeof steppedSpecSchema>
type Settled = { epochs: number; weightDecay: number }
/** A stepped training whose epochs and weight decay are known, its learning rate not yet. */
export type SettledSteppedSpec = SteppedSpec & Settled
export type SettledSpec = SettledSteppedSpec | BayesSpec
/** A stepped training of which all is known. */
export type ResolvedSteppedSpec = SettledSteppedSpec & { learningRate: number }
/** A training of which all is known. */
export type ResolvedSpec = ResolvedSteppedSpec | BayesSpec
export type Algorithm = TrainingSpec['algorithm']
export type DotSpec = Extract<TrainingSpec, { algorithm: 'dot' | 'dot-bias' }> & Settled
export type NetSpec = Extract<TrainingSpec, { algorithm: 'net' }> & Settled
/** A training by sampling, whose sweeps are known. */
export type BayesSpec = Extract<TrainingSpec, { algorithm: 'bayes' }> & {
  sweeps: number
  burnIn: number
}
export type SteppedAlgorithm = SteppedSpec['algorithm']
export const algorithms = [...steppedAlgorithms, 'bayes'] as const satisfies readonly Algorithm[]
