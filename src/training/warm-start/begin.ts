import { MarqueeError } from '../../errors.ts'
import type { Ratings } from '../../model/data/ratings.ts'
import type { TrainingSpec } from '../../model/spec/training-spec.ts'
import { resolveRatingRange } from '../fit/rating-range.ts'
import { plainUnit } from '../fit/rating-unit.ts'
import { pairUse } from '../splitting/split-again.ts'
import { divideRows, prepareTrainingData, type TrainingData } from '../splitting/training-data.ts'
import { type StartModel, usesOf } from './pair-uses.ts'

/** Vectors that a training may start from. */
export type WarmStart = {
  /** The model that they are of. */
  readonly version: string
  /** What trained them, as the model's card says. */
  readonly spec: TrainingSpec
  readonly vectors: StartModel
  /** Whether it is an error that the training cannot start from them; else it starts cold. */
  readonly isRequired: boolean
}

/** The rows of a training, and from what it starts; the reason where that is from nothing. */
export type Beginning = {
  readonly data: TrainingData
  readonly start: WarmStart | null
  readonly reason: string | null
}

/**
 * The beginning of a training that is to start from a model's vectors without a held-out rating in
 * them. What serves was fitted on all ratings, so that its vectors know those that are held out; a
 * start is therefore of the fit before that, to the training rows alone, whose figures the card has.
 * And as it knows those rows, none of them may be held out now: at random, what was held out stays
 * so and only new ratings are divided (see `splitAgain`); by time, and of whatever split, it is
 * looked at whether the start has seen a row that is held out, and if so the training starts cold.
 * An `invalid-request` error says why where the start is required.
 */
export function beginFrom(start: WarmStart, ratings: Ratings, spec: TrainingSpec): Beginning {
  const begun = tryToBegin(start, ratings, spec)
  if (typeof begun !== 'string') return { data: begun, start, reason: null }
  const reason = `It could not start from model ${start.version}: ${begun}.`
  if (start.isRequired) throw new MarqueeError('invalid-request', reason)
  return { data: prepareTrainingData(ratings, undefined, spec), start: null, reason }
}

/** The rows, or why the training cannot start from the vectors. */
function tryToBegin(
  { spec: before, vectors }: WarmStart,
  ratings: Ratings,
  spec: TrainingSpec,
): TrainingData | string {
  const mismatch = mismatchOf(before, spec)
  if (mismatch) return mismatch
  const uses = usesOf(vectors, ratings)
  const divided = dividedOr(() => divideRows(ratings, undefined, spec, uses))
  if (typeof divided === 'string') return divided
  const { heldOut, inner } = divided
  const seen = heldOut.filter((row) => uses[row]! >= pairUse.setApart).length
  if (seen > 0) return `it has seen ${seen} of the ${heldOut.length} ratings that are held out`
  const fitted = inner.filter((row) => uses[row] === pairUse.fitted).length
  if (fitted > 0) return `it has seen ${fitted} of the ratings set apart for early stopping`
  const least = (spec.split.valid * ratings.rating.length) / 2
  if (heldOut.length < least) return `only ${heldOut.length} ratings would be held out`
  const data = prepareTrainingData(ratings, undefined, spec, uses)
  return otherRange(spec, vectors, data) ? 'its rating range is another one' : data
}

function dividedOr<Rows>(divide: () => Rows): Rows | string {
  try {
    return divide()
  } catch (error) {
    if (!(error instanceof MarqueeError)) throw error
    return error.message.replace(/\.$/, '')
  }
}

/** What settings must be the same for vectors to be a start. */
function mismatchOf(before: TrainingSpec, spec: TrainingSpec): string | null {
  if (before.algorithm !== spec.algorithm)
    return `its algorithm is "${before.algorithm}", not "${spec.algorithm}"`
  if ('preset' in spec && spec.preset === 'fastai')
    return 'with preset "fastai" a training is one of the notebooks, which start from nothing'
  const [had, wanted] = [dimensionsOf(before), dimensionsOf(spec)]
  for (const [name, value] of Object.entries(wanted))
    if (had[name] !== value) return `its ${name} are ${had[name]}, not ${value}`
  if (spec.split.valid === 0) return null
  if (before.split.method !== spec.split.method || before.split.valid !== spec.split.valid)
    return `it held ${splitText(before)} out, not ${splitText(spec)}`
  const share = spec.earlyStopping?.share ?? 0
  if (share > 0 && before.earlyStopping?.share !== share)
    return `it set ${before.earlyStopping?.share ?? 0} of its ratings apart for early stopping, not ${share}`
  return null
}

function dimensionsOf(spec: TrainingSpec): Record<string, string> {
  const { userFactors, movieFactors, hiddenLayers, factors } = spec as Partial<
    Record<string, unknown>
  >
  return spec.algorithm === 'net'
    ? {
        userFactors: `${userFactors}`,
        movieFactors: `${movieFactors}`,
        hiddenLayers: `[${hiddenLayers}]`,
      }
    : { factors: `${factors}` }
}

function splitText({ split: { method, valid } }: TrainingSpec): string {
  return `${valid} of the ratings ("${method}")`
}

/** Whether the sigmoid has other bounds: the same numbers would say other ratings. */
function otherRange(spec: TrainingSpec, { ratingRange }: StartModel, { scale }: TrainingData) {
  if (spec.algorithm === 'bayes') return false
  const wanted = resolveRatingRange(spec, scale, plainUnit)
  if (!wanted || !ratingRange) return Boolean(wanted) !== Boolean(ratingRange)
  const step = (wanted[1] - wanted[0]) / 1e6
  return wanted.some((bound, i) => Math.abs(bound - ratingRange[i]!) > step)
}
