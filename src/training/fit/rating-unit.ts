import type { RatingScale } from '../../model/data/rating-scale.ts'
import type { Baseline, Model } from '../../model/model.ts'
import type { TrainingSpec } from '../../model/spec/training-spec.ts'
import type { Matrix } from '../../numeric/linear/matrix.ts'
import type { TrainingData } from '../splitting/training-data.ts'
import type { Weights } from '../trainer.ts'

/** What training measures ratings in: a rating of z units is origin + size·z. */
export type RatingUnit = { readonly origin: number; readonly size: number }

/** Ratings as they are. */
export const plainUnit: RatingUnit = { origin: 0, size: 1 }

/** Ratings are told apart to this part of their scale. */
const steps = 2 ** 16

/**
 * Standardised ratings, z = (r − μ)/σ with the mean and the deviation of the training rows: what
 * engines are set up for, whatever the scale. Ratings are rounded to a 65,536th of their scale
 * before, so that the same ratings in another unit, a·r + b, are the same bits. With the settings of
 * the notebooks they stay as they are.
 */
export function standardise(data: TrainingData, spec: TrainingSpec) {
  if (spec.algorithm !== 'bayes' && spec.preset === 'fastai') return { unit: plainUnit, data }
  const { train, scale } = data
  const [lowest, highest] = scale
  const span = highest - lowest || 1
  const shareOf = (rating: number) => Math.round((steps * (rating - lowest)) / span) / steps
  const { length } = train.rating
  const mean = train.rating.reduce((sum, rating) => sum + shareOf(rating), 0) / length
  const squares = train.rating.reduce((sum, rating) => sum + (shareOf(rating) - mean) ** 2, 0)
  const deviation = Math.sqrt(squares / length) || 1
  const unit: RatingUnit = { origin: lowest + span * mean, size: span * deviation }
  const inUnits = (rating: number) => (shareOf(rating) - mean) / deviation
  const converted = <Rows extends { readonly rating: Float32Array }>(rows: Rows): Rows => {
    return { ...rows, rating: rows.rating.map(inUnits) }
  }
  return {
    unit,
    /** The rows in units; what is known of all ratings, `rated`, stays as it is. */
    data: {
      ...data,
      train: converted(train),
      heldOut: data.heldOut && converted(data.heldOut),
      inner: data.inner && converted(data.inner),
      scale: [inUnits(lowest), inUnits(highest)] as RatingScale,
      // As the rows are stored: in single precision, a like may be the next number below.
      likedFrom: Math.fround(inUnits(data.likedFrom)),
    } satisfies TrainingData,
  }
}

/** What the unit makes of a rating's value in units. */
export function ratingIn({ origin, size }: RatingUnit, z: number): number {
  return origin + size * z
}

/** A model that was trained in units as one of ratings. */
export function modelInRatings(
  model: Model,
  unit: RatingUnit,
  { scale, likedFrom }: Pick<TrainingData, 'scale' | 'likedFrom'>,
): Model {
  const { ratingRange, layers, userFactors, userBias, movieBias } = model
  const whole = {
    ...model,
    ...{ ratingScale: scale, likedFrom },
    baseline: baselineInRatings(model.baseline, unit),
  }
  // A sigmoid has the unit in its bounds, and the weights are as they were. A file holds floats.
  if (ratingRange)
    return {
      ...whole,
      ratingRange: [
        Math.fround(ratingIn(unit, ratingRange[0])),
        Math.fround(ratingIn(unit, ratingRange[1])),
      ],
    }
  const times = (numbers: Float32Array) => numbers.map((z) => unit.size * z)
  const plus = (numbers: Float32Array) => numbers.map((z) => ratingIn(unit, z))
  const scaled = (matrix: Matrix) => ({ ...matrix, data: times(matrix.data) })
  const last = layers.at(-1)
  if (last)
    return {
      ...whole,
      userBias: userBias && times(userBias),
      movieBias: movieBias && times(movieBias),
      layers: [...layers.slice(0, -1), { weight: scaled(last.weight), bias: plus(last.bias) }],
    }
  return {
    ...whole,
    userFactors: scaled(userFactors),
    userBias: userBias && plus(userBias),
    movieBias: movieBias && times(movieBias),
  }
}

/** The weights of a model of ratings in units: what `modelInRatings` makes of them is the model. */
export function weightsInUnits(
  { ratingRange, layers, userFactors, movieFactors, userBias, movieBias }: Model,
  { origin, size }: RatingUnit,
): Weights {
  if (ratingRange) return { userFactors, movieFactors, userBias, movieBias, layers: [...layers] }
  const times = (numbers: Float32Array) => numbers.map((rating) => rating / size)
  const plus = (numbers: Float32Array) => numbers.map((rating) => (rating - origin) / size)
  const scaled = (matrix: Matrix) => ({ ...matrix, data: times(matrix.data) })
  const last = layers.at(-1)
  return {
    userFactors: last ? userFactors : scaled(userFactors),
    movieFactors,
    userBias: userBias && (last ? times : plus)(userBias),
    movieBias: movieBias && times(movieBias),
    layers: last
      ? [...layers.slice(0, -1), { weight: scaled(last.weight), bias: plus(last.bias) }]
      : [],
  }
}

export function baselineInRatings(
  { mean, userBias, movieBias }: Baseline,
  unit: RatingUnit,
): Baseline {
  const times = (numbers: Float32Array) => numbers.map((z) => unit.size * z)
  return { mean: ratingIn(unit, mean), userBias: times(userBias), movieBias: times(movieBias) }
}
