import type { Ratings } from '../../model/data/ratings.ts'
import type { ObjectStore } from '../object-store.ts'
import { loadSegments } from '../segments/load-segments.ts'
import { segmentNames, storedAt, versionOf } from '../segments/segment-names.ts'
import { mergeRatings } from './merge-ratings.ts'
import { latestTime } from './parse-time.ts'
import { decodeRatings } from './ratings-segment.ts'

/** All stored ratings, one for each user and movie; none, and version "empty", before an import. */
export async function loadRatings(
  store: ObjectStore,
): Promise<{ ratings: Ratings; dataVersion: string }> {
  const { segments, version } = await loadSegments(store, 'ratings', (bytes, key) =>
    withoutFutureTimes(decodeRatings(bytes, key), storedAt(key)),
  )
  return { ratings: mergeRatings(segments), dataVersion: version }
}

/** The version that `loadRatings` would give, without reading a rating. */
export async function dataVersionOf(store: ObjectStore): Promise<string> {
  return versionOf(await segmentNames(store, 'ratings'))
}

/** Times that were in the future when they were stored, before an import refused them, are not known. */
function withoutFutureTimes(ratings: Ratings, stored: number): Ratings {
  const latest = latestTime(stored)
  if (!ratings.timestamp.some((second) => second > latest)) return ratings
  return {
    ...ratings,
    timestamp: ratings.timestamp.map((second) => (second > latest ? 0 : second)),
  }
}
