import type { OwnRatings } from '../../model/data/ratings.ts'
import type { Model } from '../../model/model.ts'
import type { RankingSpec } from '../../model/spec/ranking-spec.ts'
import { targetOf } from '../../model/spec/ranking-targets.ts'
import { choleskySteps, solveCholesky } from '../../numeric/linear/cholesky-steps.ts'

/** Finds the ranking vector of somebody who was not trained. */
export type RankingFoldIn = {
  /** The vector [k] of whoever gave these ratings, in steps. */
  steps(own: OwnRatings): Generator<void, Float32Array>
}

/**
 * Prepares a ranking for folding in, in O(movies · k²) steps; null for a model without one. The vector
 * is what the last half-epoch of the training gives a user with these ratings, all of them as recent:
 *
 *   (α VᵀV + Σ_rated v vᵀ + λ(n + α·movies)^ν I)·u = Σ_rated t·v
 *
 * (Hu, Koren & Volinsky 2008), with α, λ, ν and t as in `RankingSpec`.
 */
export function* rankingFoldInSteps(
  { ranking, ratingScale, movies }: Model,
  spec: RankingSpec | null,
): Generator<void, RankingFoldIn | null> {
  if (!ranking || !spec) return null
  const { unobservedWeight, regularization, regularizationExponent } = spec
  const { data, columns: k } = ranking.movieFactors
  const target = targetOf(spec, ratingScale)
  const gram = new Float64Array(k * k)
  for (let movie = 0; movie < movies.size; movie++, yield)
    addOuter(gram, data, movie * k, k, unobservedWeight)

  return {
    *steps({ movieIndex, rating }) {
      const weight = rating.length + unobservedWeight * movies.size
      const a = gram.slice()
      const u = new Float64Array(k)
      for (let p = 0; p < k; p++) a[p * k + p]! += regularization * weight ** regularizationExponent
      for (let i = 0; i < rating.length; i++, yield) {
        const at = movieIndex[i]! * k
        addOuter(a, data, at, k, 1)
        const t = target(rating[i]!)
        for (let p = 0; p < k; p++) u[p]! += t * data[at + p]!
      }
      yield* choleskySteps(a, k)
      solveCholesky(a, k, u)
      return Float32Array.from(u)
    },
  }
}

/** A += c·vvᵀ on and below the diagonal, v being the k numbers from `at`. */
function addOuter(a: Float64Array, data: Float32Array, at: number, k: number, c: number): void {
  for (let p = 0; p < k; p++) {
    const scaled = c * data[at + p]!
    for (let q = 0; q <= p; q++) a[p * k + q]! += scaled * data[at + q]!
  }
}
