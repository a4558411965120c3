/**
 * What is known of a user before it counts what was given: x ~ N(mean + shift of what was rated, LLᵀ),
 * a rating ~ N(r̂(x), noise).
 */
export type UserPrior = {
  /** [size] */
  readonly mean: Float64Array
  /** Null where what somebody rated says nothing of the user vector. */
  readonly shift: RatedShift | null
  /** [size, size] L in C order, lower triangular. */
  readonly root: Float64Array
  /** Variance of a rating around the prediction, in stars². */
  readonly noise: number
}

/** What it says of a user vector that somebody rated certain movies, whatever was given to them. */
export type RatedShift = {
  /** By how much the mean vector of those who rated these is off everybody's [size]; 0 for no movie. */
  of(movieIndex: ArrayLike<number>): Float64Array
  /** How much of it along a gradient [size] is each movie's: together gradientᵀ·of(movieIndex). */
  shares(movieIndex: ArrayLike<number>, gradient: Float64Array): Float64Array
}
