import type { Ratings } from '../../model/data/ratings.ts'
import { groupBy } from '../../numeric/counting.ts'
import { firstAtLeast } from '../../numeric/search/bisect.ts'

/**
 * Weights of the rows [rows]: exp(−recency · the share of the user's ratings that are later). So
 * the latest weigh 1, and so do all of a user whose ratings have one time, or none.
 */
export function recencyWeights(
  { users, userIndex, timestamp }: Ratings,
  recency: number,
): Float32Array {
  const weight = new Float32Array(userIndex.length).fill(1)
  if (recency === 0) return weight
  const { start, order } = groupBy(userIndex, users.size)
  const times = order.map((row) => timestamp[row]!)
  for (let user = 0; user < users.size; user++) times.subarray(start[user], start[user + 1]).sort()
  for (let row = 0; row < weight.length; row++) {
    const user = userIndex[row]!
    const end = start[user + 1]!
    const later = end - firstAtLeast(times, start[user]!, end, timestamp[row]! + 1)
    weight[row] = Math.exp((-recency * later) / (end - start[user]!))
  }
  return weight
}
