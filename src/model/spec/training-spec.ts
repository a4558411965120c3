import { z } from 'zod'
import { bayesSpecSchema } from './bayes-spec.ts'
import { withPreset } from './presets.ts'
import { runFields } from './run-fields.ts'
import { defaults, dotOptimisation, optimisation, ratingRange } from './stepped-settings.ts'

/**
 * The specification of a training, with one branch for each algorithm. Shared by HTTP, queue, card
 * and command line.
 */
const factors = z.int().min(1).max(1_024)

/** The default rate of the dot products, which Adam was found to be best at. */
const dotLearningRate = 4e-3

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
    optimizer: dotOptimisation.optimizer.default('auto'),
    learningRate: optimisation.learningRate.default(dotLearningRate),
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
    optimizer: dotOptimisation.optimizer.default('auto'),
    learningRate: optimisation.learningRate.default(dotLearningRate),
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
type Settled = { epochs: number; weightDecay: number; optimizer: 'sgd' | 'adam' | 'per-rating' }
/** A stepped training of which all is known but the learning rate. */
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
