import type { Ratings } from '../../model/data/ratings.ts'
import type { ObjectStore } from '../object-store.ts'
import { loadSegments } from '../segments/load-segments.ts'
import { segmentNames, versionOf } from '../segments/segment-names.ts'
import { mergeRatings } from './merge-ratings.ts'
import { decodeRatings } from './ratings-segment.ts'

/** All stored ratings, one for each user and movie; none, and version "empty", before an import. */
export async function loadRatings(
  store: ObjectStore,
): Promise<{ ratings: Ratings; dataVersion: string }> {
  const { segments, version } = await loadSegments(store, 'ratings', decodeRatings)
  return { ratings: mergeRatings(segments), dataVersion: version }
}

/** The version that `loadRatings` would give, without reading a rating. */
export async function dataVersionOf(store: ObjectStore): Promise<string> {
  return versionOf(await segmentNames(store, 'ratings'))
}
