import type { RatingScale } from '../../model/data/rating-scale.ts'
import type { OwnRatings } from '../../model/data/ratings.ts'
import type { Model } from '../../model/model.ts'
import type { RankingSpec } from '../../model/spec/ranking-spec.ts'
import { targetOf } from '../../model/spec/ranking-targets.ts'
import { addOuter, factorise, solveCholesky } from '../../numeric/linear/cholesky.ts'
import type { Matrix } from '../../numeric/linear/matrix.ts'

/** A ranking as users are folded into it: numbers alone. */
export type RankingFoldInModel = {
  readonly movieFactors: Matrix
  readonly ratingScale: RatingScale
  readonly likedFrom: number
  readonly spec: RankingSpec
  /** α VᵀV [k, k], its lower half. */
  readonly gram: Float64Array
}

/** Prepares a ranking for folding in, in O(movies · k²); null for a model without one. */
export function rankingFoldInModelOf(
  { ranking, ratingScale, likedFrom }: Model,
  spec: RankingSpec | null,
): RankingFoldInModel | null {
  if (!ranking || !spec) return null
  const { movieFactors } = ranking
  const { data, columns: k, rows } = movieFactors
  const gram = new Float64Array(k * k)
  for (let movie = 0; movie < rows; movie++)
    addOuter(gram, k, data, movie * k, spec.unobservedWeight)
  return { movieFactors, ratingScale, likedFrom, spec, gram }
}

/**
 * The ranking vector [k] of whoever gave these ratings: that which the last half-epoch of the
 * training gives a user with them, all of them as recent:
 *
 *   (α VᵀV + Σ_rated v vᵀ + λ(n + α·movies)^ν I)·u = Σ_rated t·v
 *
 * (Hu, Koren & Volinsky 2008), with α, λ, ν and t as in `RankingSpec`.
 */
export function foldIntoRanking(folding: RankingFoldInModel, own: OwnRatings): Float32Array {
  return Float32Array.from(solveRankingUser(folding, own))
}

/** αVᵀV + λ(n + α·movies)^ν I for a user with n ratings [k, k], its lower half. */
export function ridgeOf(
  { movieFactors, spec, gram }: RankingFoldInModel,
  ratings: number,
): Float64Array {
  const { unobservedWeight, regularization, regularizationExponent } = spec
  const { columns: k, rows } = movieFactors
  const weight = ratings + unobservedWeight * rows
  const ridge = gram.slice()
  for (let p = 0; p < k; p++) ridge[p * k + p]! += regularization * weight ** regularizationExponent
  return ridge
}

/** The u of `foldIntoRanking` in double precision [k]. */
export function solveRankingUser(
  folding: RankingFoldInModel,
  { movieIndex, rating }: OwnRatings,
): Float64Array {
  const { data, columns: k } = folding.movieFactors
  const target = targetOf(folding.spec.lowTarget, folding.likedFrom, folding.ratingScale)
  const a = ridgeOf(folding, rating.length)
  const u = new Float64Array(k)
  for (let i = 0; i < rating.length; i++) {
    const at = movieIndex[i]! * k
    addOuter(a, k, data, at, 1)
    const t = target(rating[i]!)
    for (let p = 0; p < k; p++) u[p]! += t * data[at + p]!
  }
  factorise(a, k)
  solveCholesky(a, k, u)
  return u
}
