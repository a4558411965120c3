import type { Matrix } from '../../numeric/linear/matrix.ts'

/**
 * The distribution of a user vector x [size] before what was given counts:
 * x ~ N(mean + shift of what was rated, LLᵀ), a rating ~ N(r̂(x), noise). Numbers alone.
 */
export type UserPrior = {
  /** [size] */
  readonly mean: Float64Array
  /** Null where what somebody rated says nothing of the user vector. */
  readonly shift: RatedShift | null
  /** [size, size] L in C order, lower triangular. */
  readonly root: Float64Array
  /** Variance of a rating around the prediction, in squares of ratings. */
  readonly noise: number
}

/** A regression of user vectors on which movies were rated, whatever was given to them. */
export type RatedShift = {
  readonly movieFactors: Matrix
  /** The mean over the users of the sum of the rated movies' factors over √ratings [columns]. */
  readonly mean: Float64Array
  /** [size] of [columns]: a dimension of the user vector by those sums. */
  readonly weights: readonly Float64Array[]
}
