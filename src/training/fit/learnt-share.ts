import { pickRows, type Ratings } from '../../model/data/ratings.ts'
import type { Model } from '../../model/model.ts'
import { createScorer } from '../../model/scorer.ts'
import type { TrainingSpec } from '../../model/spec/training-spec.ts'
import type { Matrix } from '../../numeric/linear/matrix.ts'
import { predictRows } from '../evaluation/error-metrics.ts'
import { biasOnly } from '../evaluation/predictors.ts'
import type { Fit } from '../fit-task.ts'
import type { StepName } from '../progress/steps.ts'
import { partOf, type StepPulse } from '../pulse.ts'
import { foldSplits } from '../splitting/random-split.ts'
import { type EvaluationRows, knownTo } from '../splitting/training-data.ts'
import { scarceRatings, withSweeps } from './settle-spec.ts'
import { type Biases, dampedBiases } from './start.ts'

/** Each row is set apart once, a quarter of them in each inner fit. */
const folds = 4
/** Of more rows `bayes` needs no share: what it is sure of is more than that. */
const fewForBayes = 8_000
/**
 * Of the sweeps of `bayes` and of its burn-in, for each of four inner fits: together they take as long
 * as one.
 */
const innerSweeps = 1 / folds
/** Fewer ratings, or fewer of those set apart on which the learnt has a say, tell nothing. */
const fewest = 20

/**
 * How many inner fits choose the share of so many training ratings: none of many, or where the
 * settings are not those that follow from the data.
 */
export function shareFits(spec: TrainingSpec, ratings: number): number {
  if (ratings < fewest) return 0
  if (spec.algorithm === 'bayes') return spec.sweeps === 'auto' && ratings < fewForBayes ? folds : 0
  const isByData = spec.preset === 'auto' && spec.weightDecay === 'auto'
  return isByData && ratings < scarceRatings ? folds : 0
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
 * The share of what a training learns beside the damped biases b that predictions m are to keep,
 * b + share·(m − b), see `certainShare`, by rows set apart from the training rows, the models fitted to
 * the others; null where nothing is to be chosen. A sigmoid has b only nearly, so that it jumps from b
 * as soon as anything is kept: nothing is, too, where those rows say that b itself is no worse. (Asking
 * for a gain of one or two standard errors there cost more on other draws than it saved.)
 * `npm run bench:defaults` prints what comes of it beside b. `fitOn` fits to some of the rows, all that
 * is learnt kept.
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
  const left: number[] = []
  const learnt: number[] = []
  const inner: { model: Model; biases: Biases; rows: EvaluationRows }[] = []
  for (const [n, { kept, heldOut }] of foldSplits(ratings, fits, spec.seed).entries()) {
    const part = quietly(partOf(pulse, n / fits, (n + 1) / fits))
    const apart = pickRows(train, heldOut)
    const some = pickRows(train, kept)
    const { model, baseline } = await fitOn(some, part)
    const rows = knownTo(model, apart)
    const predicted = await predictRows(createScorer(model).predict, rows, part)
    const simple = await predictRows(biasOnly(baseline, model.ratingScale).predict, rows, part)
    for (const [row, rating] of rows.rating.entries()) {
      left.push(rating - simple[row]!)
      learnt.push(predicted[row]! - simple[row]!)
    }
    // In indices of the model, which has no movie that only rows set apart are of.
    const movieIndex = Uint32Array.from(knownTo(model, some).movieIndex)
    const biases = dampedBiases(baseline, model.ratingRange, { movieIndex })
    inner.push({ model, rows, biases })
  }
  const telling = learnt.filter((more) => more !== 0).length
  const share = telling < fewest ? 0 : certainShare(left, learnt)
  if (share === 0) return 0
  let square = 0
  for (const { model, biases, rows } of inner) {
    const { predict } = createScorer(keepShare(model, biases, share))
    const predicted = await predictRows(predict, rows, partOf(pulse, 1, 1))
    for (const [row, rating] of rows.rating.entries()) square += (rating - predicted[row]!) ** 2
  }
  return square < left.reduce((sum, error) => sum + error ** 2, 0) ? share : 0
}

/** A share that is not so many times its standard error is taken for chance. */
const leastStandardErrors = 2

/**
 * The share, 0 to 1, of numbers d [rows] that takes most off the squares of e [rows],
 *
 *   s = Σ e·d / Σ d²
 *
 * (stacking: Wolpert 1992), less what of it may be chance, by its standard error σ (White 1980: rows
 * may differ in their noise):
 *
 *   share = s·max(0, 1 − (2σ/s)²)      σ² = Σ d²(e − s·d)² / (Σ d²)²
 *
 * (the positive part of James and Stein 1961, with 2σ for their σ): what is many errors from nothing
 * stays, what may be nothing goes. Rows of one user share what is not known of them, so that σ is
 * rather too small. All where d is nothing.
 */
export function certainShare(e: readonly number[], d: readonly number[]): number {
  const sum = (term: (d: number, e: number) => number) =>
    d.reduce((total, one, row) => total + term(one, e[row]!), 0)
  const squares = sum((d) => d ** 2)
  if (squares === 0) return 1
  const share = sum((d, e) => e * d) / squares
  if (share <= 0) return 0
  const variance = sum((d, e) => d ** 2 * (e - share * d) ** 2) / squares ** 2
  return Math.min(1, share * Math.max(0, 1 - (leastStandardErrors ** 2 * variance) / share ** 2))
}

/** What of an inner fit the steps are that take long: of `bayes` there is a burn-in first. */
const innerSteps = { epochs: [0, 1], 'burn-in': [0, 0.25], sampling: [0.25, 1] } as const

/** A pulse whose steps are part of the present one: what is short does not move it. */
function quietly(pulse: StepPulse): StepPulse {
  let done = 0
  const during = (name?: StepName): StepPulse => {
    const [from, to] = (innerSteps as Partial<Record<StepName, readonly [number, number]>>)[
      name!
    ] ?? [0, 0]
    return {
      ...pulse,
      beat(share) {
        done = Math.max(done, from + (to - from) * share)
        return pulse.beat(done)
      },
      step: during,
      again() {},
      resize() {},
    }
  }
  return during()
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
