import type { Ratings } from '../../../../model/data/ratings.ts'
import type { Baseline } from '../../../../model/model.ts'

/** Where a chain begins: biases of users and movies, and the variance of what they leave. */
export type Start = {
  readonly user: Float32Array
  readonly movie: Float32Array
  readonly variance: number
}

/** The damped biases as a start, counted from the mean rating; zeros without them. */
export function startOf(
  { users, movies, userIndex, movieIndex, rating }: Ratings,
  mean: number,
  baseline: Baseline | undefined,
): Start {
  const user = baseline?.userBias ?? new Float32Array(users.size)
  const movie =
    baseline?.movieBias.map((bias) => bias + baseline.mean - mean) ?? new Float32Array(movies.size)
  let squares = 0
  for (let row = 0; row < rating.length; row++)
    squares += (rating[row]! - mean - user[userIndex[row]!]! - movie[movieIndex[row]!]!) ** 2
  return { user, movie, variance: squares / rating.length }
}
