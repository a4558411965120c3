import type { Baseline } from '../../model/model.ts'
import type { SettledSpec, SettledSteppedSpec } from '../../model/spec/training-spec.ts'
import type { Start, Weights } from '../trainer.ts'

/**
 * The damped biases in units of z, from which a stepped training starts. With a range,
 * r̂ = lo + span·σ(z) is to be μ + b_u where b_m = 0, and μ + b_m where b_u = 0; without one z is r̂:
 *
 *   ½·z(μ) + share·(z(μ + b_u) − z(μ)), and so of movies      z(r) = logit((r − lo)/span)
 *
 * which at a share of 1 is the damped biases to the second order.
 */
function startOf(
  { mean, userBias, movieBias }: Baseline,
  range: readonly [number, number] | null,
  share: number,
): Start {
  const zOf = range ? inverseOf(range) : (rating: number) => rating
  const middle = zOf(mean)
  const toZ = (bias: Float32Array) =>
    bias.map((one) => middle / 2 + share * (zOf(mean + one) - middle))
  return { userBias: toZ(userBias), movieBias: toZ(movieBias) }
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
 * How much of the damped biases stays fixed where biases are learnt besides, by the weight decay: the
 * weaker that is, the more do factors and biases make of what both can say. Chosen on inner splits
 * like the decay itself, see `settleSpec`: with all of it latest-small lost 0.3 % more at a decay of
 * 0.3, with three quarters Flixster 1 % at 0.9.
 */
function fixedShare({ algorithm, weightDecay }: SettledSteppedSpec): number {
  return algorithm === 'dot-bias' ? Math.min(1, 0.6 + 0.4 * weightDecay) : 1
}

/** What a training starts from: nothing with the settings of the notebooks, and `bayes` draws. */
export function startFor(
  spec: SettledSpec,
  baseline: Baseline,
  range: readonly [number, number] | null,
): Start | null {
  if (spec.algorithm === 'bayes' || spec.preset === 'fastai') return null
  return startOf(baseline, range, fixedShare(spec))
}

/** The biases of a model: the start's and, of `dot-bias`, what was learnt to be added to them. */
export function withStart(start: Start, learnt: Pick<Weights, 'userBias' | 'movieBias'>): Start {
  const sum = (from: Float32Array, more: Float32Array | null) =>
    from.map((bias, i) => bias + (more?.[i] ?? 0))
  return {
    userBias: sum(start.userBias, learnt.userBias),
    movieBias: sum(start.movieBias, learnt.movieBias),
  }
}
