import { z } from 'zod'

/**
 * The settings of the notebooks (fast.ai's lessons on MovieLens) where the defaults are others. The
 * notebooks also take 50 factors for `dot-bias`, a decay of 0.01 and a rate of 5e-3.
 */
const fastai: Readonly<Record<string, object>> = {
  dot: {
    initialFactors: 'uniform',
    ratingRange: 'none',
    epochs: 6,
    optimizer: 'sgd',
    weightDecay: 1e-5,
    decay: 'l2',
    learningRate: 0.1,
    schedule: 'phases',
    phases: [
      { epochs: 3, learningRate: 0.1 },
      { epochs: 3, learningRate: 0.01 },
    ],
  },
  'dot-bias': { epochs: 5, optimizer: 'adam', weightDecay: 0.1 },
  net: { epochs: 6, weightDecay: 1e-5, decay: 'l2', schedule: 'constant' },
}

export const presetSchema = z
  .enum(['auto', 'fastai'])
  .default('auto')
  .describe(
    '"auto": the training starts from the damped biases, in the unit of the ratings\' deviation, and its settings follow from the data. "fastai": the settings of the notebooks where none are given, from weights near 0, in the ratings\' own unit.',
  )

/** A specification as it came, with the settings of its preset where it has none of its own. */
export function withPreset(input: unknown): unknown {
  if (typeof input !== 'object' || input === null) return input
  const { preset, algorithm } = input as { preset?: unknown; algorithm?: unknown }
  if (preset !== 'fastai' || typeof algorithm !== 'string') return input
  return Object.hasOwn(fastai, algorithm) ? { ...fastai[algorithm], ...input } : input
}
