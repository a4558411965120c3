import { addOuter, factorise, solveCholesky } from '../../numeric/linear/cholesky.ts'
import type { Matrix } from '../../numeric/linear/matrix.ts'
import type { RatingScale } from '../data/rating-scale.ts'
import type { OwnRatings } from '../data/ratings.ts'
import type { Model } from '../model.ts'
import { leanOnMean } from '../ranker.ts'
import type { ResolvedRankingSpec } from '../spec/ranking-spec.ts'
import { targetOf } from '../spec/ranking-targets.ts'

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
 *   n/(n + c)·u + c/(n + c)·(mean user),
 *   (α VᵀV + Σ_rated v vᵀ + λ(n + α·movies)^ν I)·u = Σ_rated t·v
 *
 * (Hu, Koren & Volinsky 2008), with α, λ, ν, t and c, the prior ratings, as in `RankingSpec`. No ratings are the mean
 * user.
 */
export function foldIntoRanking(folding: RankingFoldInModel, own: OwnRatings): Float32Array {
  const u = solveRankingUser(folding, own)
  leanOnMean(u, folding.meanUser, own.rating.length, folding.spec.priorRatings)
  return Float32Array.from(u)
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

/** The u of `foldIntoRanking`, without the mean user, in double precision [k]. */
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
