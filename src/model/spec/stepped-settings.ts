import { z } from 'zod'
import { presetSchema } from './presets.ts'
import { runFields } from './run-fields.ts'

const rate = z.number().positive().max(100)

/** The scale that predictions are put into. */
export const ratingRange = z
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

/** How the weights are moved, whatever the algorithm. */
export const optimisation = {
  batchSize: z
    .int()
    .min(1)
    .max(1_048_576)
    .meta({ id: 'BatchSize', description: 'Ratings in one step.' }),
  epochs: z
    .union([z.int().min(1).max(1_000), z.literal('auto')])
    .describe(
      'Passes over the training ratings; with "phases", their sum counts instead. "auto": 8, on more than 100,000 ratings fewer, 5 at least.',
    ),
  optimizer: z.enum(['sgd', 'adam']).describe('SGD with momentum, or Adam.'),
  momentum: z.number().min(0).lt(1).meta({
    id: 'Momentum',
    description: 'Momentum of SGD, or β1 of Adam; "one-cycle" moves it 0.95 → 0.85 → 0.95 instead.',
  }),
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
  decay: z.enum(['decoupled', 'l2']).meta({
    id: 'Decay',
    description:
      '"decoupled" shrinks the weights after the step (AdamW); "l2" adds to the gradient.',
  }),
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
export const dotOptimisation = {
  ...optimisation,
  optimizer: z.enum(['auto', 'sgd', 'adam', 'per-rating']).meta({
    id: 'DotOptimizer',
    description:
      'SGD with momentum, or Adam, by batches; or "per-rating": plain SGD with a step for each rating (batchSize and momentum play no part), which is the fastest and runs on engine "simd" alone. "auto": "adam"; of 500,000 training ratings or more "per-rating" at its own rate and decay, where engine "simd" may train and batchSize, momentum, beta2, epsilon, weightDecay, decay, learningRate and schedule are the defaults.',
  }),
  decayScale: z
    .enum(['frequency', 'equal'])
    .meta({
      id: 'DecayScale',
      description:
        'For "per-rating", which decays the rows of a rating at its step: the decay of a row is divided by the root of its number of ratings, or the same for all.',
    })
    .default('frequency'),
}

/** Settings with the defaults that every algorithm has. */
export const defaults = {
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

const { optimizer: _, ...steppedDefaults } = defaults
// Named, so that openapi.yaml says once what `dot`, `dot-bias` and `net` have in common.
z.object({ ratingRange: ratingRange.default('auto'), ...steppedDefaults, ...runFields }).meta({
  id: 'SteppedSettings',
  description: 'Settings of every training that steps along gradients.',
})
