import { addOuter, factorise, solveCholesky } from '../../numeric/linear/cholesky.ts'
import { holdRows, padded, sharedFewRows } from '../../numeric/linear/few-rows.ts'
import type { Matrix } from '../../numeric/linear/matrix.ts'
import { symmetricEigen } from '../../numeric/linear/symmetric-eigen.ts'
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
  /** Where it is diagonal; null of more factors than are worth the wait. */
  readonly turned: TurnedMovies | null
}

/** α VᵀV = QΛQᵀ, and VQ. */
type TurnedMovies = {
  /** [k] Λ */
  readonly values: Float64Array
  /** [k, k] Q */
  readonly axes: Float64Array
  /** [movies, k] VQ */
  readonly factors: Float32Array
}

/** With 128 factors it takes a tenth of a second, eight times as long with twice as many. */
const mostTurnedFactors = 128

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
  const turned = k > mostTurnedFactors ? null : turn(movieFactors, gram)
  return { movieFactors, meanUser, ratingScale, likedFrom, spec, gram, turned }
}

function turn({ data, columns: k, rows }: Matrix, gram: Float64Array): TurnedMovies {
  const whole = gram.map((_, at) => {
    const [i, j] = [Math.floor(at / k), at % k]
    return gram[Math.max(i, j) * k + Math.min(i, j)]!
  })
  const { values, vectors } = symmetricEigen(whole, k)
  const factors = new Float32Array(rows * k)
  for (let movie = 0; movie < rows; movie++)
    for (let p = 0; p < k; p++) {
      const axis = vectors[p]!
      let sum = 0
      for (let q = 0; q < k; q++) sum += data[movie * k + q]! * axis[q]!
      factors[movie * k + p] = sum
    }
  return {
    values,
    axes: Float64Array.from(whole, (_, at) => vectors[at % k]![Math.floor(at / k)]!),
    factors,
  }
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
  const few = ofFew(folding, own.rating.length)
  const u = few ? solveOfFew(folding, few, own) : solveRankingUser(folding, own)
  leanOnMean(u, folding.meanUser, own.rating.length, folding.spec.priorRatings)
  // Not by `from`, which takes ten times as long.
  return new Float32Array(u)
}

/** About how many multiplications it takes to fold so many ratings into a ranking. */
export function rankingFoldInOperations(folding: RankingFoldInModel, ratings: number): number {
  const k = folding.movieFactors.columns
  if (ofFew(folding, ratings)) return ratings ** 2 * (k + ratings) + k ** 2
  return ratings * k ** 2 + k ** 3
}

/** What few ratings are folded in by; null where they are many. */
function ofFew({ turned, movieFactors }: RankingFoldInModel, ratings: number): TurnedMovies | null {
  return ratings < movieFactors.columns ? turned : null
}

/** αVᵀV + λ(n + α·movies)^ν I for a user with n ratings [k, k], its lower half. */
export function ridgeOf(
  { movieFactors, spec, gram }: RankingFoldInModel,
  ratings: number,
): Float64Array {
  const { columns: k } = movieFactors
  const ridge = gram.slice()
  const more = ridgeWeight({ movieFactors, spec }, ratings)
  for (let p = 0; p < k; p++) ridge[p * k + p]! += more
  return ridge
}

/** λ(n + α·movies)^ν */
function ridgeWeight(
  { movieFactors, spec }: Pick<RankingFoldInModel, 'movieFactors' | 'spec'>,
  ratings: number,
): number {
  const { unobservedWeight, regularization, regularizationExponent } = spec
  return regularization * (ratings + unobservedWeight * movieFactors.rows) ** regularizationExponent
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

type FewLikes = ReturnType<typeof createFewLikes>

/** Made when the first is folded in: it is nothing for another thread. */
const fewLikes = new WeakMap<TurnedMovies, FewLikes>()

function fewLikesOf(turned: TurnedMovies): FewLikes {
  const known = fewLikes.get(turned)
  if (known) return known
  const made = createFewLikes(turned)
  fewLikes.set(turned, made)
  return made
}

/** Memory to fold fewer ratings than factors in. */
function createFewLikes({ values }: TurnedMovies) {
  const k = values.length
  const [stride, most] = [padded(k), padded(k - 1)]
  const rows = sharedFewRows({
    ...{ axes: k * stride, along: stride, rows: most * stride, a: most ** 2, gamma: most },
    u: k,
  })
  return { rows, stride, scale: new Float64Array(k) }
}

function putAxes({ rows, stride }: FewLikes, { values, axes }: TurnedMovies): void {
  const k = values.length
  for (let q = 0; q < k; q++) rows.arrays.axes.set(axes.subarray(q * k, (q + 1) * k), q * stride)
}

/**
 * The same of fewer ratings than factors, along the axes Q: with c = λ(n + α·movies)^ν and B the rows
 * of VQ that were rated, divided by √(Λ + c),
 *
 *   (I + BBᵀ)·γ = t      u = Q·(Λ + c)^−½·Bᵀγ
 *
 * O(n²·k + n³ + k²); what is given is overwritten by the next.
 */
function solveOfFew(
  folding: RankingFoldInModel,
  turned: TurnedMovies,
  { movieIndex, rating }: OwnRatings,
): Float64Array {
  const { values, factors } = turned
  const k = values.length
  const n = rating.length
  const count = padded(n)
  const few = fewLikesOf(turned)
  const { rows: by, stride, scale } = few
  holdRows(by, scale, () => putAxes(few, turned))
  const { axes, along, rows, a, gamma, u } = by.arrays
  const ridge = ridgeWeight(folding, n)
  for (let p = 0; p < k; p++) scale[p] = 1 / Math.sqrt(Math.max(0, values[p]!) + ridge)
  for (let i = 0; i < n; i++) {
    const [from, to] = [movieIndex[i]! * k, i * stride]
    for (let p = 0; p < k; p++) rows[to + p] = factors[from + p]! * scale[p]!
  }
  rows.fill(0, n * stride, count * stride)
  by.multiplyRows(rows, count, stride, a)
  for (let i = 0; i < count; i++) a[i * count + i]! += 1
  const target = targetOf(folding.spec.lowTarget, folding.likedFrom, folding.ratingScale)
  for (let i = 0; i < n; i++) gamma[i] = target(rating[i]!)
  gamma.fill(0, n, count)
  by.solvePositive(a, count, gamma)
  by.combineRows(rows, n, stride, gamma, along)
  for (let p = 0; p < k; p++) along[p]! *= scale[p]!
  by.timesVector(axes, k, stride, along, u)
  return u
}
