import type { ObjectStore } from '../../object-store.ts'
import { reasonOf } from '../../segments/load-segments.ts'
import {
  type LiveRange,
  liveRangeOf,
  segmentKey,
  segmentNames,
  storedNames,
  supersededNames,
  timeOfName,
} from '../../segments/segment-names.ts'
import { decodeRatings, putLiveRatings } from '../ratings-segment.ts'
import { addStored, LiveRatingsBuilder } from './live-ratings.ts'

/** So many neighbours of a level, or of lower ones, become one of a higher level. */
const neighbours = 8
/** Events of the segments of the lowest level, and what a level has as many times as the one below. */
const lowest = 1_000
const factor = 10
/** A segment of so many events is put together with no other any more. */
const largest = 1_000_000

type Live = { readonly name: string; readonly range: LiveRange }

/**
 * Puts small segments of live events together, level by level, so that there are few and each event
 * is written again some times at most; then removes those that another one holds. Killed between
 * any two steps, it goes on with the next call; those who read meanwhile find all events once.
 */
export async function mergeLiveSegments(store: ObjectStore): Promise<void> {
  const damaged = new Set<string>()
  for (;;) {
    const group = nextGroup((await segmentNames(store, 'ratings')).flatMap(liveOf), damaged)
    if (group === null) break
    const bad = await mergeGroup(store, group)
    if (bad !== null) damaged.add(bad)
  }
  const superseded = supersededNames(await storedNames(store, 'ratings'))
  for (const name of superseded) await store.remove(segmentKey('ratings', name))
}

function liveOf(name: string): Live[] {
  const range = liveRangeOf(name)
  return range === null ? [] : [{ name, range }]
}

/** Neighbours to be put together, with no damaged one among them; null where there are none. */
function nextGroup(segments: readonly Live[], damaged: ReadonlySet<string>): Live[] | null {
  const ordered = segments.toSorted(({ range: a }, { range: b }) =>
    a.epoch === b.epoch ? a.from - b.from : a.epoch < b.epoch ? -1 : 1,
  )
  for (let most = lowest; most <= largest; most *= factor) {
    let run: Live[] = []
    for (const segment of ordered) {
      const isSmall = sizeOf(segment.range) <= most && !damaged.has(segment.name)
      const isNext = run.length === 0 || run[0]!.range.epoch === segment.range.epoch
      run = isSmall ? [...(isNext ? run : []), segment] : []
      const events = run.reduce((sum, { range }) => sum + sizeOf(range), 0)
      if (run.length >= neighbours && events <= largest) return run
    }
  }
  return null
}

function sizeOf({ from, to }: LiveRange): number {
  return to - from + 1
}

/** The name of a segment that is damaged, so that nothing was done; else null. */
async function mergeGroup(store: ObjectStore, group: readonly Live[]): Promise<string | null> {
  const first = group[0]!.range
  const last = group.at(-1)!
  const merged = new LiveRatingsBuilder()
  for (const { name, range } of group) {
    const key = segmentKey('ratings', name)
    const bytes = await store.get(key)
    // Somebody else has put it together with others: the next listing shows it.
    if (bytes === null) return null
    try {
      addStored(merged, decodeRatings(bytes, key), range.from - first.from)
    } catch (error) {
      reasonOf(error)
      return name
    }
    await new Promise(setImmediate)
  }
  const range = { ...first, to: last.range.to }
  await putLiveRatings(store, merged.build(), range, timeOfName(last.name))
  return null
}
