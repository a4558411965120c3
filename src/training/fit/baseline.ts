import type { Ratings } from '../../model/data/ratings.ts'
import { type Baseline, userDamping } from '../../model/model.ts'
import type { Pulse } from '../pulse.ts'

const movieDamping = 10
const rounds = 10

/**
 * Damped biases by alternating least squares, as Surprise's BaselineOnly (Koren, Factor in the
 * neighbors, 2010), with n the ratings of the movie or user:
 *
 *   b_m = Σ (r − μ − b_u) / (10 + n_m)      b_u = Σ (r − μ − b_m) / (15 + n_u)      10 rounds
 *
 * `userBias` [users] and `movieBias` [movies] in stars. There must be a row.
 */
export async function fitBaseline(ratings: Ratings, pulse: Pulse): Promise<Baseline> {
  const { users, movies, userIndex, movieIndex, rating } = ratings
  const mean = rating.reduce((sum, value) => sum + value, 0) / rating.length
  const userBias = new Float32Array(users.size)
  const movieBias = new Float32Array(movies.size)
  for (let round = 0; round < rounds; round++) {
    refit(movieBias, movieIndex, movieDamping, userBias, userIndex, rating, mean)
    if (pulse.isDue()) await pulse.beat((round + 0.5) / rounds)
    refit(userBias, userIndex, userDamping, movieBias, movieIndex, rating, mean)
    if (pulse.isDue()) await pulse.beat((round + 1) / rounds)
  }
  return { mean, userBias, movieBias }
}

/** μ + b_u + b_m within the scale, in stars; an unknown side (−1) adds nothing. */
export function baselinePredictor(
  { mean, userBias, movieBias }: Baseline,
  [lowest, highest]: readonly [number, number],
): (userIndex: number, movieIndex: number) => number {
  return (userIndex, movieIndex) => {
    const ofUser = userIndex < 0 ? 0 : userBias[userIndex]!
    const ofMovie = movieIndex < 0 ? 0 : movieBias[movieIndex]!
    return Math.min(highest, Math.max(lowest, mean + ofUser + ofMovie))
  }
}

function refit(
  bias: Float32Array,
  index: Uint32Array,
  damping: number,
  otherBias: Float32Array,
  otherIndex: Uint32Array,
  rating: Float32Array,
  mean: number,
): void {
  const sum = new Float64Array(bias.length)
  const count = new Float64Array(bias.length).fill(damping)
  for (let row = 0; row < rating.length; row++) {
    sum[index[row]!]! += rating[row]! - mean - otherBias[otherIndex[row]!]!
    count[index[row]!]! += 1
  }
  for (let i = 0; i < bias.length; i++) bias[i] = sum[i]! / count[i]!
}
