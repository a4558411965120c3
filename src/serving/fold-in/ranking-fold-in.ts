import type { RatingScale } from '../../model/data/rating-scale.ts'
import type { OwnRatings } from '../../model/data/ratings.ts'
import type { Model } from '../../model/model.ts'
import { leanOnMean } from '../../model/ranker.ts'
import type { ResolvedRankingSpec } from '../../model/spec/ranking-spec.ts'
import { targetOf } from '../../model/spec/ranking-targets.ts'
import { addOuter, factorise, solveCholesky } from '../../numeric/linear/cholesky.ts'
import type { Matrix } from '../../numeric/linear/matrix.ts'

/** A ranking as users are folded into it: numbers alone. */
export type RankingFoldInModel = {
  readonly movieFactors: Matrix
  /** [k] */
  readonly meanUser: Float32Array
  readonly ratingScale: RatingScale
  readonly likedFrom: number
  readonly spec: ResolvedRankingSpec
  /** α VᵀV [k, k], its lower half. */
  readonly gram: Float64Array
}

/** Prepares a ranking for folding in, in O(movies · k²); null for a model without one. */
export function rankingFoldInModelOf(
  { ranking, ratingScale, likedFrom }: Model,
  spec: ResolvedRankingSpec | null,
): RankingFoldInModel | null {
  if (!ranking || !spec) return null
  const { movieFactors, meanUser } = ranking
  const { data, columns: k, rows } = movieFactors
  const gram = new Float64Array(k * k)
  for (let movie = 0; movie < rows; movie++)
    addOuter(gram, k, data, movie * k, spec.unobservedWeight)
  return { movieFactors, meanUser, ratingScale, likedFrom, spec, gram }
}

/**
 * The ranking vector [k] of whoever gave these n ratings: that which the end of the training gives
 * a user with them, all of them as recent:
 *
 *   n/(n + 1)·u + 1/(n + 1)·(mean user),
 *   (α VᵀV + Σ_rated v vᵀ + λ(n + α·movies)^ν I)·u = Σ_rated t·v
 *
 * (Hu, Koren & Volinsky 2008), with α, λ, ν and t as in `RankingSpec`. No ratings are the mean
 * user.
 */
export function foldIntoRanking(
  { movieFactors, meanUser, ratingScale, likedFrom, spec, gram }: RankingFoldInModel,
  { movieIndex, rating }: OwnRatings,
): Float32Array {
  const { unobservedWeight, regularization, regularizationExponent } = spec
  const { data, columns: k, rows } = movieFactors
  const target = targetOf(spec.lowTarget, likedFrom, ratingScale)
  const weight = rating.length + unobservedWeight * rows
  const a = gram.slice()
  const u = new Float64Array(k)
  for (let p = 0; p < k; p++) a[p * k + p]! += regularization * weight ** regularizationExponent
  for (let i = 0; i < rating.length; i++) {
    const at = movieIndex[i]! * k
    addOuter(a, k, data, at, 1)
    const t = target(rating[i]!)
    for (let p = 0; p < k; p++) u[p]! += t * data[at + p]!
  }
  factorise(a, k)
  solveCholesky(a, k, u)
  leanOnMean(u, meanUser, rating.length)
  return Float32Array.from(u)
}
