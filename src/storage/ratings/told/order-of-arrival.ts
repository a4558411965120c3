import { groupBy } from '../../../numeric/counting.ts'
import type { LiveColumns, StoredRatings } from './live-ratings.ts'
import { pickStored, type StoredSource } from './taken-back.ts'

/**
 * The ratings of sources, which come in order, in the order in which they came: each live one behind
 * the imports that were stored by the second in which it was told. So it does not matter when live
 * ratings were folded, and which of their segments were put together.
 */
export function inOrderOfArrival(sources: readonly StoredSource[]): StoredRatings[] {
  const stored = sources.flatMap((source) => (source.ratings.live ? [] : [source.stored]))
  /** What comes behind so many imports. */
  const behind = Array.from({ length: stored.length + 1 }, (): StoredRatings[] => [])
  let imports = 0
  for (const { ratings } of sources)
    if (!ratings.live) behind[++imports]!.unshift(ratings)
    else
      for (const [place, part] of partsOf(ratings, ratings.live, stored)) behind[place]!.push(part)
  return behind.flat()
}

/** The ratings of a live segment by how many imports they come behind. */
function partsOf(
  ratings: StoredRatings,
  { told }: LiveColumns,
  stored: readonly number[],
): [number, StoredRatings][] {
  let place = 0
  const places = told.map((time) => {
    // As a rule they come in the order of their times.
    while (place > 0 && stored[place - 1]! > time) place -= 1
    while (place < stored.length && stored[place]! <= time) place += 1
    return place
  })
  const { start, order } = groupBy(places, stored.length + 1)
  const filled = [...new Set(places)]
  if (filled.length <= 1) return [[filled[0] ?? 0, ratings]]
  return filled.map((at) => [at, pickStored(ratings, order.subarray(start[at]!, start[at + 1]!))])
}
