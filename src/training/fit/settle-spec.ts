import type { Ratings } from '../../model/data/ratings.ts'
import {
  type BayesSpec,
  type SettledSpec,
  type SettledSteppedSpec,
  type SteppedSpec,
  steppedSpecSchema,
  type TrainingSpec,
} from '../../model/spec/training-spec.ts'
import { type BackendPreference, enginesFor } from '../engines/engine.ts'

/**
 * The spec with the settings that follow from the training rows, N ratings of R users and movies,
 * where it says "auto", the optimizer as `withOptimizer` has it:
 *
 *   weightDecay  70·R^⅓/N^¾ · max(1, (64,000/N)^½), at most 10
 *   epochs       8·(N/100,000)^(−¼), 5 to 8
 *   sweeps       250·max(1, (64,000/N)^½)·min(1, (1,000,000/N)^½), at most 1,000
 *   burnIn       100·min(1, (1,000,000/N)^½)
 *
 * The decay acts at every step, the ratings of a row only when they come: over an epoch of N/64
 * steps a prior of one strength is a decay by 1/N (Wang and Aitchison, "How to set AdamW's weight
 * decay as you scale model and dataset size", 2024), and more where the ratings are shared by more
 * rows. Beside a start from the damped biases there is less to learn of few ratings than in proportion.
 * Exponents and factor were fitted for `dot-bias` to the decays that were best on inner splits of the
 * training rows of MovieLens 100K, both latest-small, FilmTrust and Flixster, whole and thinned to
 * 20,000 (N 12,800 … 64,500, R 2,300 … 8,400; the best decays 0.3 … 2; of 2,000 rows, 3 and more). On
 * generated data with N = 384,000, R = 5,300 and N = 128,000, R = 41,500, which were not fitted, the
 * best decay was 1 to 1.3 times the rule's. From 5 to 10 epochs made 0.3 % of difference at most.
 */
export function settleSpec(
  spec: SteppedSpec,
  rows: Ratings,
  backend: BackendPreference,
): SettledSteppedSpec
export function settleSpec(
  spec: TrainingSpec,
  rows: Ratings,
  backend: BackendPreference,
): SettledSpec
export function settleSpec(
  spec: TrainingSpec,
  rows: Ratings,
  backend: BackendPreference,
): SettledSpec {
  const ratings = rows.rating.length
  if (spec.algorithm === 'bayes') return withSweeps(spec, ratings)
  const optimised = withOptimizer(spec, ratings, backend)
  const { epochs, weightDecay } = optimised
  return {
    ...optimised,
    epochs: epochs === 'auto' ? epochsFor(ratings) : epochs,
    weightDecay:
      weightDecay === 'auto'
        ? weightDecayFor(ratings, rows.users.size + rows.movies.size)
        : weightDecay,
  }
}

/**
 * Of fewer ratings than so many the decay is stronger than in proportion, see `settleSpec`, and what is
 * kept of the learnt is chosen, see `chooseLearntShare`.
 */
export const scarceRatings = 64_000

/** The spec with its sweeps and burn-in for so many training ratings. */
export function withSweeps(
  spec: Extract<TrainingSpec, { algorithm: 'bayes' }>,
  ratings: number,
): BayesSpec {
  const { sweeps, burnIn } = spec
  return {
    ...spec,
    sweeps: sweeps === 'auto' ? sweepsFor(ratings) : sweeps,
    burnIn: burnIn === 'auto' ? Math.round(100 * shareOfMany(ratings)) : burnIn,
  }
}

/** From so many training ratings on a dot product is trained with a step for each, see below. */
const manyRatings = 500_000

/**
 * The spec with its optimizer for so many training ratings. Of many, and unless it has settings for
 * batches, a dot product is trained by `perRating`: on inner splits of generated ratings, N = 720,000 …
 * 7,200,000, 24 to 120 for each user, it had 0.97 to 0.99 of the error of Adam in batches of 64, in a
 * fiftieth of the time; on the MovieLens sets (N = 72,000) 1.012 to 1.014 of it. Its rate and decay were the best of
 * 0.02 … 0.05 and 0.06 … 0.15, or within 0.3 % of it, at each of four sizes, and do not follow from N.
 */
export function withOptimizer(
  spec: SteppedSpec,
  ratings: number,
  backend: BackendPreference,
): SteppedSpec & Pick<SettledSteppedSpec, 'optimizer'> {
  if (spec.algorithm === 'net') return spec
  const { optimizer, epochs } = spec
  if (optimizer !== 'auto') return { ...spec, optimizer }
  if (ratings < manyRatings || !hasFreeSteps(spec, backend)) return { ...spec, optimizer: 'adam' }
  return { ...spec, ...perRating, epochs: epochs === 'auto' ? 8 : epochs }
}

const perRating = {
  optimizer: 'per-rating',
  learningRate: 0.03,
  weightDecay: 0.1,
  decayScale: 'equal',
} as const

const byDefault = steppedSpecSchema.parse({ algorithm: 'dot' })
const ofSteps = [
  ...(['schedule', 'learningRate', 'weightDecay', 'decay'] as const),
  ...(['batchSize', 'momentum', 'beta2', 'epsilon'] as const),
]

/** Whether nothing is set of how the steps are made, and engine `simd` may make them. */
function hasFreeSteps(spec: SteppedSpec, backend: BackendPreference): boolean {
  const engines = enginesFor({ ...spec, optimizer: 'adam' }, backend)
  return (
    engines.some(({ engine }) => engine === 'simd') &&
    ofSteps.every((name) => spec[name] === byDefault[name])
  )
}

/**
 * Sweeps to average for so many training ratings: what an average of too few draws adds to the error is
 * the larger, the less each row is known, and a sweep costs the less. Of 4 million generated ratings 66
 * sweeps after a burn-in of 24 had 1.001 of the error that 250 had.
 */
function sweepsFor(ratings: number): number {
  const more = Math.max(1, Math.sqrt(scarceRatings / ratings))
  return Math.round(Math.min(1_000, 250 * more * shareOfMany(ratings)))
}

/** What is drawn of many ratings, of what is drawn of a million. */
function shareOfMany(ratings: number): number {
  return Math.min(1, Math.sqrt(1_000_000 / ratings))
}

/** Epochs for so many training ratings. */
export function epochsFor(ratings: number): number {
  return Math.round(Math.min(8, Math.max(5, 8 * (ratings / 100_000) ** -0.25)))
}

function weightDecayFor(ratings: number, rows: number): number {
  const scarcity = Math.max(1, Math.sqrt(scarceRatings / ratings))
  return Number(Math.min(10, (70 * rows ** (1 / 3) * scarcity) / ratings ** 0.75).toPrecision(3))
}
