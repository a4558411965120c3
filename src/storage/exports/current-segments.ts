import type { ObjectStore } from '../object-store.ts'
import type { RatingsSegment } from '../ratings/load-ratings.ts'
import { loadSegments } from '../segments/load-segments.ts'
import { segmentName, supersededNames } from '../segments/segment-names.ts'

/**
 * What is made of each segment of ratings, then of each that the events in Redis would make, in
 * order; one at a time, so that a large store is never in memory whole.
 */
export async function eachSegment<T>(
  store: ObjectStore,
  unfolded: () => Promise<readonly RatingsSegment[]>,
  make: (segment: RatingsSegment) => T | Promise<T>,
): Promise<{ made: T[]; names: readonly string[] }> {
  // Asked first: what is folded in between is in both, and left out here.
  const pending = await unfolded()
  const { segments, names } = await loadSegments(store, 'ratings', (bytes, key) =>
    make({ bytes, key }),
  )
  const pendingNames = pending.map(({ key }) => segmentName(key))
  const superseded = supersededNames([...names, ...pendingNames])
  const isStored = (name: string) => superseded.has(name) || names.includes(name)
  const added: T[] = []
  for (const [i, name] of pendingNames.entries())
    if (!isStored(name)) added.push(await make(pending[i]!))
  return { made: [...segments, ...added], names: [...names, ...pendingNames] }
}
