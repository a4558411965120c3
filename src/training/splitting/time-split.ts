import type { Ratings } from '../../model/data/ratings.ts'
import { countsOf } from '../../numeric/counting.ts'
import type { Split } from './random-split.ts'

/**
 * Holds the last ⌊share · n⌋ of each user's n rows out, by time; of equal times the row further
 * down counts as later. A share under 1 leaves every user a row.
 */
export function userTimeSplit(ratings: Ratings, share: number): Split {
  const { users, userIndex } = ratings
  const left = countsOf(userIndex, users.size).map((rows) => Math.floor(rows * share))
  return latest(ratings, (row) => {
    const user = userIndex[row]!
    if (left[user] === 0) return false
    left[user]! -= 1
    return true
  })
}

/** Holds the last ⌊share · rows⌋ of all rows out, by time; of equal times the row further down. */
export function globalTimeSplit(ratings: Ratings, share: number): Split {
  let left = Math.floor(ratings.rating.length * share)
  return latest(ratings, () => left-- > 0)
}

/** Asks row by row, from the latest to the first, whether to hold it out. */
function latest({ timestamp }: Ratings, isHeldOut: (row: number) => boolean): Split {
  const order = timestamp.map((_, row) => row)
  order.sort((a, b) => timestamp[b]! - timestamp[a]! || b - a)
  const marks = new Uint8Array(order.length)
  for (const row of order) if (isHeldOut(row)) marks[row] = 1
  const rows = timestamp.map((_, row) => row)
  return {
    kept: rows.filter((row) => marks[row] === 0),
    heldOut: rows.filter((row) => marks[row] === 1),
  }
}
