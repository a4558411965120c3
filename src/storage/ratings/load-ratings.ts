import type { RatingScale } from '../../model/data/rating-scale.ts'
import type { Ratings } from '../../model/data/ratings.ts'
import type { ObjectStore } from '../object-store.ts'
import { type LiveMark, laterMarks, marksOf, seqIn, withinMarks } from '../segments/live-marks.ts'
import { type Damage, loadSegments } from '../segments/load-segments.ts'
import {
  liveRangeOf,
  segmentName,
  segmentNames,
  storedAt,
  versionOf,
} from '../segments/segment-names.ts'
import { declaredScaleOf } from './declared-scale.ts'
import { mergeRatings } from './merge-ratings.ts'
import { latestTime } from './parse-time.ts'
import { decodeRatings } from './ratings-segment.ts'
import type { StoredRatings } from './told/live-ratings.ts'
import { inOrderOfArrival } from './told/order-of-arrival.ts'
import { pickStored, rowsWhere, type StoredSource, withoutErased } from './told/taken-back.ts'

/**
 * All stored ratings within the declared scale, one for each user and movie; none, and version
 * "empty", before an import. Of live ones those within the marks, all unless told; `live` says up
 * to where they go.
 */
export async function loadRatings(
  store: ObjectStore,
  upTo?: readonly LiveMark[],
): Promise<{
  ratings: Ratings
  dataVersion: string
  live: readonly LiveMark[]
  newestImport: string | undefined
  damaged: readonly Damage[]
}> {
  const scale = await declaredScaleOf(store)
  const { segments, names, damaged } = await loadSegments(
    store,
    'ratings',
    (bytes, key) => sourceOf({ bytes, key }, scale, upTo),
    (name) => isWithin(name, upTo),
  )
  const ratings = mergedOf(segments)
  const live = upTo ?? marksOf(names)
  return {
    ratings: scale === null ? ratings : { ...ratings, declaredScale: scale },
    dataVersion: versionWith(names, live, scale),
    live,
    newestImport: names.findLast((name) => liveRangeOf(name) === null),
    damaged,
  }
}

/** A segment of ratings as it is stored, and its key in the store. */
export type RatingsSegment = { readonly bytes: Uint8Array; readonly key: string }

/** The ratings of segments, in order, as `loadRatings` gives those of all. */
export function ratingsOf(segments: readonly RatingsSegment[], scale: RatingScale | null): Ratings {
  return mergedOf(segments.map((segment) => sourceOf(segment, scale)))
}

/** What `loadRatings` takes of a segment, not merged. */
export function ratingsIn(segment: RatingsSegment, scale: RatingScale | null): StoredRatings {
  return sourceOf(segment, scale).ratings
}

function mergedOf(sources: readonly StoredSource[]): Ratings {
  return mergeRatings(inOrderOfArrival(withoutErased(sources)))
}

function sourceOf(
  { bytes, key }: RatingsSegment,
  scale: RatingScale | null,
  upTo?: readonly LiveMark[],
): StoredSource {
  const stored = storedAt(key)
  const ratings = withoutFutureTimes(eventsWithin(decodeRatings(bytes, key), key, upTo), stored)
  return { ratings: scale === null ? ratings : within(scale, ratings), stored }
}

/**
 * The version that `loadRatings` would give once the events up to the marks are folded, too; without
 * reading a rating.
 */
export async function dataVersionOf(
  store: ObjectStore,
  told: readonly LiveMark[] = [],
): Promise<string> {
  const names = await segmentNames(store, 'ratings')
  const live = laterMarks(marksOf(names), told)
  return versionWith(names, live, await declaredScaleOf(store))
}

/**
 * A name for the imports, the live events up to the marks and the scale; putting segments of live
 * events together does not change it.
 */
function versionWith(
  names: readonly string[],
  live: readonly LiveMark[],
  scale: RatingScale | null,
): string {
  const imports = names.filter((name) => liveRangeOf(name) === null)
  const version = versionOf([...imports, ...live.map(({ epoch, seq }) => `${epoch} ${seq}`)])
  return scale === null || version === 'empty' ? version : versionOf([version, scale.join(' ')])
}

function isWithin(name: string, upTo: readonly LiveMark[] | undefined): boolean {
  const range = liveRangeOf(name)
  return range === null || upTo === undefined || withinMarks(range, upTo) !== 'none'
}

/** A segment of live events with no later ones than the marks allow. */
function eventsWithin(
  ratings: StoredRatings,
  key: string,
  upTo: readonly LiveMark[] | undefined,
): StoredRatings {
  const range = liveRangeOf(segmentName(key))
  const { live } = ratings
  if (!live || !range || !upTo || withinMarks(range, upTo) !== 'part') return ratings
  const last = seqIn(upTo, range.epoch) - range.from
  const rows = rowsWhere(ratings, (row) => live.offset[row]! <= last)
  return rows === null ? ratings : pickStored(ratings, rows)
}

/** Times in the future when they were stored, which an import refuses by now, are not known. */
function withoutFutureTimes<Some extends Ratings>(ratings: Some, stored: number): Some {
  const latest = latestTime(stored)
  if (!ratings.timestamp.some((second) => second > latest)) return ratings
  return {
    ...ratings,
    timestamp: ratings.timestamp.map((second) => (second > latest ? 0 : second)),
  }
}

/**
 * Only the ratings on the scale, and what was taken back; its ends are compared as they are stored,
 * in single precision.
 */
function within(scale: RatingScale, ratings: StoredRatings): StoredRatings {
  const [lowest, highest] = scale.map(Math.fround) as [number, number]
  const rows = rowsWhere(ratings, (row) => {
    const rating = ratings.rating[row]!
    return !(rating < lowest || rating > highest)
  })
  return rows === null ? ratings : pickStored(ratings, rows)
}
