import type { Ratings } from '../../model/data/ratings.ts'
import { groupBy } from '../../numeric/counting.ts'
import { firstAtLeast } from '../../numeric/search/bisect.ts'

/**
 * Weights of ratings, exp(−recency · the share of the user's ratings that are later), into `weight`
 * [ratings] by user, a user's in the order they come in. So the latest weigh 1, and so do all of a user
 * whose ratings have one time, or none.
 */
export function weighByRecency(
  { users, userIndex, timestamp }: Ratings,
  recency: number,
  weight: Float32Array,
): void {
  if (recency === 0) {
    weight.fill(1)
    return
  }
  const { start, order } = groupBy(userIndex, users.size)
  const times = new Uint32Array(order.length)
  for (let place = 0; place < times.length; place++) times[place] = timestamp[order[place]!]!
  const rising = times.slice()
  for (let user = 0; user < users.size; user++) {
    const [from, end] = [start[user]!, start[user + 1]!]
    const isInOrder = sortTimes(rising, from, end)
    let later = 0
    for (let place = end - 1; place >= from; place--) {
      if (!isInOrder) later = end - firstAtLeast(rising, from, end, times[place]! + 1)
      else if (place + 1 < end && times[place]! < times[place + 1]!) later = end - place - 1
      weight[place] = Math.exp((-recency * later) / (end - from))
    }
  }
}

/** Sorts the times from … to−1; whether they were in order, as they mostly are. */
function sortTimes(times: Uint32Array, from: number, to: number): boolean {
  for (let i = from + 1; i < to; i++)
    if (times[i]! < times[i - 1]!) {
      times.subarray(from, to).sort()
      return false
    }
  return true
}
