import { pickRows, type Ratings } from '../../model/data/ratings.ts'
import type { Model } from '../../model/model.ts'
import { createScorer } from '../../model/scorer.ts'
import type { TrainingSpec } from '../../model/spec/training-spec.ts'
import type { Matrix } from '../../numeric/linear/matrix.ts'
import { predictRows } from '../evaluation/error-metrics.ts'
import { biasOnly } from '../evaluation/predictors.ts'
import type { Fit } from '../fit-task.ts'
import { partOf, type StepPulse } from '../pulse.ts'
import { foldSplits } from '../splitting/random-split.ts'
import { knownTo } from '../splitting/training-data.ts'
import { scarceRatings, withSweeps } from './settle-spec.ts'
import type { Biases } from './start.ts'

/** Of the training rows a quarter is set apart in each inner fit. */
const folds = 4
/**
 * Of fewer rows than so many each is set apart once: one quarter of them tells too little. Of more,
 * `bayes` needs no share: what it is sure of is more than that.
 */
const fewRatings = 8_000
/**
 * Of the sweeps of `bayes` and of its burn-in, for each of four inner fits: together they take as long
 * as one.
 */
const innerSweeps = 1 / folds
const fewest = 20

/**
 * How many inner fits choose the share of so many training ratings: none of many, or where the
 * settings are not those that follow from the data.
 */
export function shareFits(spec: TrainingSpec, ratings: number): number {
  if (ratings < fewest) return 0
  if (spec.algorithm === 'bayes') return spec.sweeps === 'auto' && ratings < fewRatings ? folds : 0
  const isByData = spec.preset === 'auto' && spec.weightDecay === 'auto'
  if (!isByData || ratings >= scarceRatings) return 0
  return ratings < fewRatings ? folds : 1
}

/** The settings of an inner fit of so many training ratings. */
export function innerSpec<Of extends TrainingSpec>(spec: Of, ratings: number): Of {
  const inner = { ...spec, ranking: null, earlyStopping: null }
  if (inner.algorithm !== 'bayes') return inner
  const { sweeps, burnIn } = withSweeps(inner, ratings)
  const part = (number: number) => Math.ceil(innerSweeps * number)
  return { ...inner, sweeps: part(sweeps), burnIn: part(burnIn) }
}

/**
 * The share s of what a training learns beside the damped biases b that predictions m are to keep,
 * b + s·(m − b): that with the least error on rows set apart from the training rows, 0 to 1,
 *
 *   s = Σ (r − b)(m − b) / Σ (m − b)²
 *
 * (stacking: Wolpert 1992), the models fitted to the others; null where nothing is to be chosen.
 * `npm run bench:defaults` prints what comes of it beside b. `fitOn` fits to some of the rows, all that is learnt kept.
 */
export async function chooseLearntShare(
  spec: TrainingSpec,
  train: Ratings,
  fitOn: (rows: Ratings, pulse: StepPulse) => Promise<Fit>,
  pulse: StepPulse,
): Promise<number | null> {
  const ratings = train.rating.length
  const fits = shareFits(spec, ratings)
  if (fits === 0) return null
  pulse.step('share')
  let [products, squares] = [0, 0]
  for (const [n, { kept, heldOut }] of foldSplits(ratings, folds, spec.seed).entries()) {
    if (n === fits) break
    const part = quietly(partOf(pulse, n / fits, (n + 1) / fits))
    const apart = pickRows(train, heldOut)
    const { model, baseline } = await fitOn(pickRows(train, kept), part)
    const rows = knownTo(model, apart)
    const predicted = await predictRows(createScorer(model).predict, rows, part)
    const simple = await predictRows(biasOnly(baseline, model.ratingScale).predict, rows, part)
    for (const [row, rating] of rows.rating.entries()) {
      const learnt = predicted[row]! - simple[row]!
      products += (rating - simple[row]!) * learnt
      squares += learnt ** 2
    }
  }
  return squares > 0 ? Math.min(1, Math.max(0, products / squares)) : 1
}

/** A pulse whose steps are part of the present one. */
function quietly(pulse: StepPulse): StepPulse {
  const quiet: StepPulse = { ...pulse, step: () => quiet, again() {}, resize() {} }
  return quiet
}

type Learnt = Pick<Model, 'userFactors' | 'userBias' | 'movieBias' | 'layers'>

/** The model that keeps a share of what it has beside the biases, exactly in z (see `scorer.ts`). */
export function keepShare<Of extends Learnt>(model: Of, biases: Biases, share: number): Of {
  const { userFactors, userBias, movieBias, layers } = model
  const times = (numbers: Float32Array) => numbers.map((value) => share * value)
  const scaled = (matrix: Matrix) => ({ ...matrix, data: times(matrix.data) })
  const between = (from: Float32Array | null, to: Float32Array | null) =>
    from && (to?.map((value, i) => (1 - share) * from[i]! + share * value) ?? null)
  const last = layers.at(-1)
  return {
    ...model,
    userFactors: last ? userFactors : scaled(userFactors),
    userBias: between(biases.userBias, userBias),
    movieBias: between(biases.movieBias, movieBias),
    layers: last
      ? [...layers.slice(0, -1), { weight: scaled(last.weight), bias: times(last.bias) }]
      : layers,
  }
}
