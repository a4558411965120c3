import type { OwnRatings } from '../../model/data/ratings.ts'
import {
  type RankingFoldInModel,
  ridgeOf,
  solveRankingUser,
} from '../../model/fold-in/ranking-fold-in.ts'
import { evidenceShare } from '../../model/ranker.ts'
import { targetOf } from '../../model/spec/ranking-targets.ts'
import { factorise, solveCholesky } from '../../numeric/linear/cholesky.ts'

/** How relevant movies are, in parts by rating. */
export type RelevanceParts = {
  /** [movies] The mean user's part. */
  readonly priors: Float64Array
  /** [ratings] By how much a rating is above what the others and the prior let expect: t − u·v. */
  readonly surprise: Float64Array
  /** Of each movie [ratings] what each rating did, in their order. */
  readonly parts: readonly Float64Array[]
}

/**
 * Splits the relevance of movies for whoever gave these ratings. The equation of their vector u (see
 * `foldIntoRanking`), with what the ratings say taken to its right, is
 *
 *   B·u = Σ_rated (t − u·v)·v      B = αVᵀV + λ(n + α·movies)^ν I
 *
 * so the relevance of a movie m is exactly a sum over the ratings (representer points: Yeh et al.,
 * NeurIPS 2018):
 *
 *   u·v_m = Σ_rated (t − u·v) · vᵀB⁻¹v_m
 *
 * of which n/(n + c) count, beside the mean user's part, the prior. What others already told adds
 * little; a rating lower than expected speaks against what is alike.
 * B is factorised once: O(ratings · k² + k³ + movies · (k² + ratings · k)).
 */
export function explainRelevance(
  folding: RankingFoldInModel,
  own: OwnRatings,
  movies: readonly number[],
): RelevanceParts {
  const { data, columns: k } = folding.movieFactors
  const { movieIndex, rating } = own
  const target = targetOf(folding.spec.lowTarget, folding.likedFrom, folding.ratingScale)
  const share = evidenceShare(rating.length, folding.spec.priorRatings)
  const times = (x: ArrayLike<number>, movie: number) => {
    let sum = 0
    for (let p = 0; p < k; p++) sum += x[p]! * data[movie * k + p]!
    return sum
  }
  const u = solveRankingUser(folding, own)
  const surprise = Float64Array.from(
    { length: rating.length },
    (_, i) => target(rating[i]!) - times(u, movieIndex[i]!),
  )
  const ridge = ridgeOf(folding, rating.length)
  factorise(ridge, k)
  const parts = movies.map((movie) => {
    const influence = Float64Array.from(data.subarray(movie * k, (movie + 1) * k))
    solveCholesky(ridge, k, influence)
    return surprise.map((value, i) => share * value * times(influence, movieIndex[i]!))
  })
  const priors = Float64Array.from(movies, (movie) => (1 - share) * times(folding.meanUser, movie))
  return { priors, surprise, parts }
}

/** About how many multiplications it takes to split the relevance of so many movies. */
export function explainRelevanceOperations(
  { movieFactors: { columns: k } }: RankingFoldInModel,
  ratings: number,
  movies: number,
): number {
  return ratings * k * k + k ** 3 + movies * (k * k + ratings * k)
}
