import type { Ratings } from '../../model/data/ratings.ts'
import { leanOnMean } from '../../model/ranker.ts'
import { countsOf } from '../../numeric/counting.ts'
import { addOuter, factorise, solveCholesky } from '../../numeric/linear/cholesky.ts'
import type { Matrix } from '../../numeric/linear/matrix.ts'
import { firstAtLeast } from '../../numeric/search/bisect.ts'

/**
 * A like weighs exp(−¼ · recency · the share of all ratings that are later). Chosen on
 * inner splits: much more would serve the cut in time better, and take from a split at random.
 */
const strangerRecency = 0.25
/** What a movie counts beside the share of users who like it, so that one without likes stays low. */
const leastWeight = 1e-4
/** How late a like is need not be known to the rating: so many times tell. */
const mostTimes = 4_096

/**
 * The mean user, all that a stranger gets: the u [k] whose products with the movies' vectors are
 * nearest to the share p of users that like each movie, Σ_i (p_i + 10⁻⁴)(u·v_i − p_i)², by weighted
 * least squares. Unlike the mean of the users' vectors, which ridges of their own pull to zero, it
 * orders movies as popularity does, as far as k factors can.
 */
export function meanUserOf(share: Float64Array, { columns: k, data }: Matrix): Float32Array {
  const a = new Float64Array(k * k)
  const u = new Float64Array(k)
  for (const [movie, liked] of share.entries()) {
    const weight = liked + leastWeight
    addOuter(a, k, data, movie * k, weight)
    if (liked === 0) continue
    for (let p = 0; p < k; p++) u[p]! += weight * liked * data[movie * k + p]!
  }
  factorise(a, k)
  solveCholesky(a, k, u)
  return Float32Array.from(u)
}

/** The share of users that like each movie [movies], early likes weighing less. */
export function likedShares(
  { users, movies, userIndex, movieIndex, rating, timestamp }: Ratings,
  likedFrom: number,
  recency: number,
): Float64Array {
  const stride = Math.ceil(timestamp.length / mostTimes)
  const times = timestamp.filter((_, row) => row % stride === 0).sort()
  const known = countsOf(userIndex, users.size).filter((count) => count > 0).length
  /** What a like adds by how many of the times are not later. */
  const added = Float64Array.from({ length: times.length + 1 }, (_, place) => {
    const later = 1 - place / times.length
    return Math.exp(-strangerRecency * recency * later) / known
  })
  const share = new Float64Array(movies.size)
  for (let row = 0; row < rating.length; row++)
    if (rating[row]! >= likedFrom)
      share[movieIndex[row]!]! += added[firstAtLeast(times, 0, times.length, timestamp[row]! + 1)]!
  return share
}

/** Moves every user's vector towards the mean user, by how little is known of them. */
export function leanUsersOnMean(
  { users, userIndex }: Ratings,
  { columns, data }: Matrix,
  meanUser: Float32Array,
  prior: number,
): void {
  const count = countsOf(userIndex, users.size)
  for (let user = 0; user < users.size; user++)
    leanOnMean(data.subarray(user * columns, (user + 1) * columns), meanUser, count[user]!, prior)
}
