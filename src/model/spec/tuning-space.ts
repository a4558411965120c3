import { z } from 'zod'
import { type SteppedAlgorithm, specSchemas } from './training-spec.ts'

/**
 * The space of a tuning: for each hyper-parameter a list of values, or for a number all from `min`
 * to `max`. The bounds of a value are those of a training.
 */
const maxValues = 50

function choice<Value extends z.ZodType>(value: Value) {
  return z.array(value).min(1).max(maxValues)
}

const log = z
  .boolean()
  .meta({ id: 'LogScale', description: 'Draw the logarithm evenly, not the number.' })
  .default(false)

function amount(value: z.ZodNumber) {
  const range = z
    .strictObject({
      min: value,
      max: value,
      log,
    })
    .refine(({ min, max }) => min < max, { path: ['max'], message: 'expected more than "min"' })
    .refine(({ min, log }) => !log || min > 0, { path: ['min'], message: '"log" needs min > 0' })
  return z.union([choice(value), range])
}

const { dot, net } = specSchemas
const rate = z.number().positive().max(100)

const varied = {
  epochs: amount(dot.shape.epochs.unwrap().options[0]).optional(),
  batchSize: amount(dot.shape.batchSize.unwrap()).optional(),
  learningRate: amount(rate).optional(),
  momentum: amount(dot.shape.momentum.unwrap()).optional(),
  weightDecay: amount(dot.shape.weightDecay.unwrap().options[0]).optional(),
  decay: choice(dot.shape.decay.unwrap()).optional(),
  schedule: choice(z.enum(['constant', 'one-cycle', 'cosine', 'self-adjusting'])).optional(),
  ratingRange: choice(dot.shape.ratingRange.unwrap()).optional(),
}

const description =
  'What to vary: for each hyper-parameter a list of values, or a range. What is left out keeps the default of a training.'
const notEmpty = [
  (space: object) => Object.keys(space).length > 0,
  {
    message: 'expected at least one hyper-parameter; leave "space" out for the default one',
    // An unknown name has been said already, and is not counted.
    when: ({ issues }: { issues: unknown[] }) => issues.length === 0,
  },
] as const

// Named, so that openapi.yaml says once what both spaces have in common.
z.object(varied).meta({ id: 'SteppedSpace' })

const vectorSize = amount(dot.shape.factors.unwrap()).meta({ id: 'VectorSizes' })
const dropout = amount(net.shape.hiddenDropout.unwrap()).meta({ id: 'DropoutShares' })

const dotSpace = z
  .strictObject({
    ...varied,
    factors: vectorSize.optional(),
    optimizer: choice(dot.shape.optimizer.unwrap()).optional(),
    decayScale: choice(dot.shape.decayScale.unwrap()).optional(),
  })
  .refine(...notEmpty)
  .meta({ id: 'DotSpace', description })

const netSpace = z
  .strictObject({
    ...varied,
    userFactors: vectorSize.optional(),
    movieFactors: vectorSize.optional(),
    hiddenLayers: choice(net.shape.hiddenLayers.unwrap()).optional(),
    embeddingDropout: dropout.optional(),
    hiddenDropout: dropout.optional(),
    optimizer: choice(net.shape.optimizer.unwrap()).optional(),
  })
  .refine(...notEmpty)
  .meta({ id: 'NetSpace', description })

/** The space of each algorithm; what is left out keeps the value that a training has by default. */
export const tuningSpaces = {
  // Nothing is drawn for "phases": a setting without a schedule of its own has a constant rate
  // there.
  dot: dotSpace.default({
    factors: [20, 50, 100],
    epochs: { min: 3, max: 12, log: false },
    learningRate: { min: 1e-3, max: 3e-2, log: true },
    weightDecay: { min: 1e-2, max: 1, log: true },
    optimizer: ['adam'],
    decay: ['decoupled'],
    schedule: ['one-cycle'],
    ratingRange: ['auto', 'none'],
  }),
  'dot-bias': dotSpace.default({
    factors: { min: 5, max: 100, log: true },
    epochs: { min: 3, max: 12, log: false },
    learningRate: { min: 1e-3, max: 3e-2, log: true },
    weightDecay: { min: 1e-2, max: 1, log: true },
  }),
  net: netSpace.default({
    userFactors: [10, 20, 50],
    movieFactors: [10, 20, 50],
    hiddenLayers: [[10], [50], [100, 50]],
    embeddingDropout: [0, 0.05, 0.2],
    hiddenDropout: [0, 0.2, 0.5],
    epochs: { min: 3, max: 10, log: false },
    learningRate: { min: 3e-4, max: 1e-2, log: true },
    weightDecay: { min: 1e-6, max: 1e-1, log: true },
    decay: ['decoupled'],
    schedule: ['one-cycle'],
  }),
} as const satisfies Record<SteppedAlgorithm, z.ZodType>
