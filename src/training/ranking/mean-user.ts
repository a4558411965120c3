import type { Ratings } from '../../model/data/ratings.ts'
import { leanOnMean } from '../../model/ranker.ts'
import { countsOf } from '../../numeric/counting.ts'
import type { Matrix } from '../../numeric/linear/matrix.ts'
import { firstLater } from './recency-weights.ts'

/**
 * Strangers come next: with a rating weighing exp(−2 · recency · the share of all ratings that are
 * later), the mean user's list beat popularity by 5 to 10 % on inner cuts in time of three MovieLens
 * sets, and was its equal, within 2 %, on random inner splits, where the future tells of the past.
 */
const strangerRecency = 2

/**
 * The mean of the users' vectors [k], each weighing the mean weight of their ratings. Users without
 * a rating do not count; all weigh the same where there are no times.
 */
export function meanUserOf(
  { users, userIndex, timestamp }: Ratings,
  { columns, data }: Matrix,
  recency: number,
): Float32Array {
  const times = timestamp.slice().sort()
  const count = countsOf(userIndex, users.size)
  const sum = new Float64Array(columns)
  const weight = new Float64Array(users.size)
  for (let row = 0; row < userIndex.length; row++) {
    const later = times.length - firstLater(times, 0, times.length, timestamp[row]!)
    const user = userIndex[row]!
    weight[user]! += Math.exp((-strangerRecency * recency * later) / times.length) / count[user]!
  }
  for (let user = 0; user < users.size; user++)
    for (let k = 0; k < columns; k++) sum[k]! += weight[user]! * data[user * columns + k]!
  const total = weight.reduce((all, one) => all + one, 0)
  return Float32Array.from(sum, (value) => value / total)
}

/** Moves every user's vector towards the mean user, by how little is known of them. */
export function leanUsersOnMean(
  { users, userIndex }: Ratings,
  { columns, data }: Matrix,
  meanUser: Float32Array,
): void {
  const count = countsOf(userIndex, users.size)
  for (let user = 0; user < users.size; user++)
    leanOnMean(data.subarray(user * columns, (user + 1) * columns), meanUser, count[user]!)
}
