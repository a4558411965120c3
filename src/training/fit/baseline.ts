import type { Ratings } from '../../model/data/ratings.ts'
import { type Baseline, userDamping } from '../../model/model.ts'
import { countsOf } from '../../numeric/counting.ts'
import type { Pulse } from '../pulse.ts'
import { popularityPrior } from './popularity-prior.ts'

const movieDamping = 4
const rounds = 10

/**
 * Damped biases by alternating least squares, as Surprise's BaselineOnly (Koren, Factor in the
 * neighbors, 2010), with n the ratings of the movie or user; but a movie is not pulled to 0, it is
 * pulled to p(n), what is usual of movies rated that often (see `popularityPrior`):
 *
 *   b_m = (Σ (r − μ − b_u) + 4·p(n_m)) / (4 + n_m)      b_u = Σ (r − μ − b_m) / (4 + n_u)
 *
 * in 10 rounds, p anew in each. Koren has 10 and 15; on inner splits of MovieLens 100K, both
 * latest-small, FilmTrust and Flixster, whole, cut in time and thinned to 2,000 rows, 4 and 4 took
 * 0.3 % to 2.8 % off the error of those, and were near the best of 2 to 7 on each.
 *
 * An unknown movie is one that nobody rated or one that is new: `mean`, what is expected of an unknown
 * user and movie, is μ + p(0)/2 (with p(0) later cuts in time of latest-small lost 0.4 to 0.6 %), and
 * `movieBias` [movies] is counted from there; `userBias` [users]. In the unit of the ratings, of which
 * there must be one.
 */
export async function fitBaseline(ratings: Ratings, pulse: Pulse): Promise<Baseline> {
  const { users, movies, userIndex, movieIndex, rating } = ratings
  const mean = rating.reduce((sum, value) => sum + value, 0) / rating.length
  const userBias = new Float32Array(users.size)
  const movieBias = new Float32Array(movies.size)
  const ofUsers = { bias: userBias, index: userIndex, counts: countsOf(userIndex, users.size) }
  const counts = countsOf(movieIndex, movies.size)
  const ofMovies = { bias: movieBias, index: movieIndex, counts }
  const nothing = new Float64Array(users.size)
  let unrated = 0
  for (let round = 0; round < rounds; round++) {
    const sums = residualSums(ofMovies, ofUsers, rating, mean)
    const { usual, ofNone } = popularityPrior(sums, counts, movieDamping)
    unrated = ofNone / 2
    refit(ofMovies, sums, movieDamping, usual)
    if (pulse.isDue()) await pulse.beat((round + 0.5) / rounds)
    refit(ofUsers, residualSums(ofUsers, ofMovies, rating, mean), userDamping, nothing)
    if (pulse.isDue()) await pulse.beat((round + 1) / rounds)
  }
  return { mean: mean + unrated, userBias, movieBias: movieBias.map((bias) => bias - unrated) }
}

/** μ + b_u + b_m within the scale, in rating units; an unknown side (−1) adds nothing. */
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

type Side = {
  readonly bias: Float32Array
  readonly index: Uint32Array
  readonly counts: Uint32Array
}

/** Σ (r − μ − bias of the other) over the ratings of each row of a side. */
function residualSums(own: Side, other: Side, rating: Float32Array, mean: number): Float64Array {
  const sums = new Float64Array(own.bias.length)
  for (let row = 0; row < rating.length; row++)
    sums[own.index[row]!]! += rating[row]! - mean - other.bias[other.index[row]!]!
  return sums
}

/** The means of the residuals, pulled to `usual` [rows] as by so many ratings more. */
function refit(
  { bias, counts }: Side,
  sums: Float64Array,
  damping: number,
  usual: Float64Array,
): void {
  for (let i = 0; i < bias.length; i++)
    bias[i] = (sums[i]! + damping * usual[i]!) / (counts[i]! + damping)
}
