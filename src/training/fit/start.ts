import type { Baseline } from '../../model/model.ts'
import type { SettledSpec } from '../../model/spec/training-spec.ts'
import type { Start, Weights } from '../trainer.ts'

/**
 * The damped biases in units of z, from which a stepped training starts. Without a range they are
 * themselves, the mean shared by both sides. With one, r̂ = lo + span·σ(z) is to be μ + b_u where
 * b_m = 0, and μ + b_m where b_u = 0:
 *
 *   logit((μ + b_u − lo)/span) − ½·logit((μ − lo)/span), and so of movies
 *
 * which for both together is the damped biases to the second order.
 */
function startOf(
  { mean, userBias, movieBias }: Baseline,
  range: readonly [number, number] | null,
): Start {
  const zOf = range ? inverseOf(range) : (rating: number) => rating
  const half = zOf(mean) / 2
  const toZ = (bias: Float32Array) => bias.map((one) => zOf(mean + one) - half)
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

/** What a training starts from: nothing with the settings of the notebooks, and `bayes` draws. */
export function startFor(
  spec: SettledSpec,
  baseline: Baseline,
  range: readonly [number, number] | null,
): Start | null {
  return spec.algorithm === 'bayes' || spec.preset === 'fastai' ? null : startOf(baseline, range)
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
