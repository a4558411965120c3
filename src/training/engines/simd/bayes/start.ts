import type { Ratings } from '../../../../model/data/ratings.ts'
import type { Baseline } from '../../../../model/model.ts'
import type { WarmRows } from '../../../trainer.ts'
import type { SideName } from './sides.ts'

/** Where a chain begins: biases of users and movies, and the variance of what they leave. */
export type Start = {
  readonly user: Float32Array
  readonly movie: Float32Array
  readonly variance: number
  /** Of a row that an earlier training has fitted, its factors, null of a new one. */
  factors(side: SideName, row: number): Float32Array | null
}

/**
 * The damped biases as a start, counted from the mean rating; zeros without them. Rows that an earlier
 * training has fitted start from its vectors, of which the first columns say most.
 */
export function startOf(
  { users, movies, userIndex, movieIndex, rating }: Ratings,
  mean: number,
  baseline: Baseline | undefined,
  warm: WarmRows | null,
  most: number,
): Start {
  const damped = {
    user: baseline?.userBias ?? new Float32Array(users.size),
    movie:
      baseline?.movieBias.map((bias) => bias + baseline.mean - mean) ??
      new Float32Array(movies.size),
  }
  const factors = (side: SideName, row: number) => {
    const known = warm?.[`${side}s`][row] ?? -1
    if (!warm || known < 0) return null
    const { columns, data } = warm.weights[`${side}Factors`]
    return data.subarray(known * columns, known * columns + Math.min(columns, most))
  }
  const biases = (side: SideName) =>
    damped[side].map((bias, row) => {
      const known = warm?.[`${side}s`][row] ?? -1
      const drawn = known < 0 ? undefined : warm?.weights[`${side}Bias`]?.[known]
      return drawn === undefined ? bias : drawn - (side === 'user' ? mean : 0)
    })
  const [user, movie] = [biases('user'), biases('movie')]
  let squares = 0
  for (let row = 0; row < rating.length; row++) {
    const [u, m] = [userIndex[row]!, movieIndex[row]!]
    const product = warm ? dot(factors('user', u), factors('movie', m)) : 0
    squares += (rating[row]! - mean - user[u]! - movie[m]! - product) ** 2
  }
  return { user, movie, variance: squares / rating.length, factors }
}

function dot(a: Float32Array | null, b: Float32Array | null): number {
  if (!a || !b) return 0
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}
