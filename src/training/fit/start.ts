import type { Ratings } from '../../model/data/ratings.ts'
import type { Baseline } from '../../model/model.ts'
import type { SettledSpec, SettledSteppedSpec } from '../../model/spec/training-spec.ts'
import type { Start, Weights } from '../trainer.ts'

/**
 * The damped biases in units of z, from which a stepped training starts. With a range,
 * r̂ = lo + span·σ(z) is to be μ + b_u where b_m = 0, and μ + b_m where b_u = 0; without one z is r̂:
 *
 *   ½·z(μ) + s·(z(μ + b_u) − z(μ)) − f²/2, and so of movies      z(r) = logit((r − lo)/span)
 *
 * which together, with the first factors f of both sides, is the damped biases to the second order, if
 * their share s is 1. What the movies have in common, their mean over the ratings, is then given to the users, so that the
 * bias of a movie says how far it is from others.
 */
function startOf(
  { mean, userBias, movieBias }: Baseline,
  range: readonly [number, number] | null,
  { share, firstFactor }: { readonly share: number; readonly firstFactor: number },
  { movieIndex }: Pick<Ratings, 'movieIndex'>,
): Start {
  const zOf = range ? inverseOf(range) : (rating: number) => rating
  const middle = zOf(mean)
  const half = (middle - firstFactor ** 2) / 2
  const toZ = (bias: Float32Array) => bias.map((one) => half + share * (zOf(mean + one) - middle))
  const ofMovies = toZ(movieBias)
  const common = movieIndex.reduce((sum, movie) => sum + ofMovies[movie]!, 0) / movieIndex.length
  return {
    userBias: toZ(userBias).map((bias) => bias + common),
    movieBias: ofMovies.map((bias) => bias - common),
    firstFactor,
  }
}

/** A rating this share of the range from its ends is as far as z goes. */
const margin = 0.02

/** z of a rating by the scaled sigmoid, of one beyond the range by its end. */
function inverseOf([lowest, highest]: readonly [number, number]) {
  return (rating: number) => {
    const share = (rating - lowest) / (highest - lowest)
    const inside = Math.min(1 - margin, Math.max(margin, share))
    return Math.log(inside / (1 - inside))
  }
}

/**
 * The first factors of a dot product: as a movie's is f, what a user's learns is a bias that counts the
 * more the larger the movie's grows, and the other way round. Trainings from weights near 0, whose
 * factors must find the mean, learn the like. It pays where ratings are many: on inner splits 0.4 took
 * 0.2 % off the error of the MovieLens sets, of which the weight decay is 0.25 to 0.35, and added
 * something at a decay of 0.7 or more.
 */
function firstFactorOf({ algorithm, weightDecay }: SettledSteppedSpec): number {
  return algorithm === 'net' ? 0 : 0.4 * Math.max(0, 1 - weightDecay)
}

/**
 * How much of the damped biases is given where biases are learnt besides: where ratings are many the
 * rest is learnt together with the factors, which share what both can say. On inner splits of the
 * MovieLens sets three quarters took 0.2 to 0.35 % off the error; sparser sets have a decay near 1.
 */
function shareOf({ algorithm, weightDecay }: SettledSteppedSpec): number {
  return algorithm === 'dot-bias' ? Math.min(1, 0.6 + 0.4 * weightDecay) : 1
}

/** What a training starts from: nothing with the settings of the notebooks, and `bayes` draws. */
export function startFor(
  spec: SettledSpec,
  baseline: Baseline,
  range: readonly [number, number] | null,
  rows: Pick<Ratings, 'movieIndex'>,
): Start | null {
  if (spec.algorithm === 'bayes' || spec.preset === 'fastai') return null
  const amounts = { share: shareOf(spec), firstFactor: firstFactorOf(spec) }
  return startOf(baseline, range, amounts, rows)
}

export type Biases = Pick<Weights, 'userBias' | 'movieBias'>

/** The damped biases in units of z, as they are. */
export function dampedBiases(
  baseline: Baseline,
  range: readonly [number, number] | null,
  rows: Pick<Ratings, 'movieIndex'>,
): Biases {
  return startOf(baseline, range, { share: 1, firstFactor: 0 }, rows)
}

/** The biases of a model: the start's and, of `dot-bias`, what was learnt to be added to them. */
export function withStart(start: Start, learnt: Biases): Biases {
  const sum = (from: Float32Array, more: Float32Array | null) =>
    from.map((bias, i) => bias + (more?.[i] ?? 0))
  return {
    userBias: sum(start.userBias, learnt.userBias),
    movieBias: sum(start.movieBias, learnt.movieBias),
  }
}
