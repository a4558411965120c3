import type { OwnRatings } from '../../model/data/ratings.ts'
import { type FoldedUser, foldIn } from '../../model/fold-in/fold-in.ts'
import type { FoldInModel } from '../../model/fold-in/fold-in-model.ts'
import type { UserPrior } from '../../model/fold-in/user-prior.ts'
import { createUserSpace, type UserSpace } from '../../model/user-space.ts'

/** Points of the path from the prior's mean to the user's vector at which slopes are taken. */
const pathPoints = 32

/** A score in parts: before any rating, what each rating did, in their order, and the rest. */
export type ScoreParts = {
  readonly score: number
  readonly prior: number
  readonly parts: Float64Array
  readonly remainder: number
}

/**
 * Splits the scores of movies over somebody's own ratings: of the trained user at an index, or of
 * whoever was folded into a vector.
 */
export function explainScores(
  { model, prior }: FoldInModel,
  own: OwnRatings,
  user: number | Float64Array,
  movies: readonly number[],
): ScoreParts[] {
  const space = createUserSpace(model)
  const folded = foldIn(space, prior, own)
  const x = typeof user === 'number' ? new Float64Array(space.size) : user
  if (typeof user === 'number') space.trained(user, x)
  return movies.map((movie) => split(space, prior, folded, x, movie))
}

/** About how many multiplications it takes to split the scores of movies over so many ratings. */
export function explainOperations(
  { model, prior }: FoldInModel,
  ratings: number,
  movies: readonly number[],
): number {
  const size = prior.mean.length
  const ofLayers = model.layers.reduce((sum, { weight }) => sum + 2 * weight.data.length, 0)
  // A slope allocates and leaps about besides: some ten times its multiplications.
  const ofSlopes = (pathPoints + 2) * (10 * size + 4 * ofLayers)
  return movies.length * (ofSlopes + 4 * size * size + 2 * ratings * size)
}

/**
 * From the mean user vector m to the folded one x_f the rating changes by the integral of its
 * slopes along the way (integrated gradients: Sundararajan, Taly & Yan 2017):
 *
 *   r̂(x_f) − r̂(m) = ḡᵀ(x_f − m)      ḡ = ∫ ∇r̂(m + t·(x_f − m)) dt over t = 0 … 1
 *
 * and x_f − m is a sum with one term for each rating. What the midpoint rule misses of the
 * integral, and what the trained vector x says beyond x_f, is the remainder. With no range ḡ is
 * constant.
 */
function split(
  space: UserSpace,
  prior: UserPrior,
  folded: FoldedUser,
  x: Float64Array,
  movie: number,
): ScoreParts {
  const gradient = new Float64Array(space.size)
  const ratingAt = (vector: Float64Array) => space.ratingOf(space.slope(vector, movie, gradient))
  const mean = new Float64Array(space.size)
  for (let point = 0; point < pathPoints; point++) {
    const t = (point + 0.5) / pathPoints
    const between = prior.mean.map((from, i) => from + t * (folded.x[i]! - from))
    const steepness = space.ratingSlope(ratingAt(between)) / pathPoints
    for (let i = 0; i < mean.length; i++) mean[i]! += steepness * gradient[i]!
  }
  const parts = folded.shares(mean)
  const [score, start] = [ratingAt(x), ratingAt(prior.mean)]
  const explained = parts.reduce((sum, value) => sum + value, start)
  return { score, prior: start, parts, remainder: score - explained }
}
