import type { Ratings } from '../../../model/data/ratings.ts'
import { groupBy } from '../../../numeric/counting.ts'
import type { Pulse } from '../../pulse.ts'

const rowsAtOnce = 1 << 18

/** An epoch's batches, each of them twice: its rows in the order of users, then of movies. */
export type BatchLists = {
  /**
   * [2][rows], for rows in `order`, of which every `batchSize` are a batch: in each of the two
   * parts batch n is in the places of batch n, sorted. Linear in the rows.
   */
  sort(order: Uint32Array, pulse: Pulse): Promise<Uint32Array<ArrayBuffer>>
}

/** Sorts batches by dealing the rows, which are sorted once and for all, out to them. */
export function createBatchLists(
  { userIndex, movieIndex, users, movies }: Ratings,
  batchSize: number,
): BatchLists {
  const size = userIndex.length
  const sorted = [groupBy(userIndex, users.size).order, groupBy(movieIndex, movies.size).order]
  const batchOf = new Uint32Array(size)
  const lists = new Uint32Array(2 * size)
  const next = new Uint32Array(Math.ceil(size / batchSize))

  const inParts = async (pulse: Pulse, work: (from: number, to: number) => void) => {
    for (let from = 0; from < size; from += rowsAtOnce) {
      work(from, Math.min(from + rowsAtOnce, size))
      if (pulse.isDue()) await pulse.beat(0)
    }
  }
  return {
    async sort(order, pulse) {
      await inParts(pulse, (from, to) => {
        for (let i = from; i < to; i++) batchOf[order[i]!] = Math.floor(i / batchSize)
      })
      for (const [side, rows] of sorted.entries()) {
        for (let batch = 0; batch < next.length; batch++)
          next[batch] = side * size + batch * batchSize
        await inParts(pulse, (from, to) => {
          for (let i = from; i < to; i++) lists[next[batchOf[rows[i]!]!]!++] = rows[i]!
        })
      }
      return lists
    },
  }
}
