import type { RatingScale } from '../../model/data/rating-scale.ts'
import { pickRows, type Ratings } from '../../model/data/ratings.ts'
import type { ObjectStore } from '../object-store.ts'
import { loadSegments } from '../segments/load-segments.ts'
import { segmentNames, storedAt, versionOf } from '../segments/segment-names.ts'
import { declaredScaleOf } from './declared-scale.ts'
import { mergeRatings } from './merge-ratings.ts'
import { latestTime } from './parse-time.ts'
import { decodeRatings } from './ratings-segment.ts'

/**
 * All stored ratings within the declared scale, one for each user and movie; none, and version
 * "empty", before an import.
 */
export async function loadRatings(
  store: ObjectStore,
): Promise<{ ratings: Ratings; dataVersion: string }> {
  const scale = await declaredScaleOf(store)
  const { segments, version } = await loadSegments(store, 'ratings', (bytes, key) => {
    const ratings = withoutFutureTimes(decodeRatings(bytes, key), storedAt(key))
    return scale === null ? ratings : within(scale, ratings)
  })
  const ratings = mergeRatings(segments)
  return {
    ratings: scale === null ? ratings : { ...ratings, declaredScale: scale },
    dataVersion: versionWith(version, scale),
  }
}

/** The version that `loadRatings` would give, without reading a rating. */
export async function dataVersionOf(store: ObjectStore): Promise<string> {
  const scale = await declaredScaleOf(store)
  return versionWith(versionOf(await segmentNames(store, 'ratings')), scale)
}

function versionWith(version: string, scale: RatingScale | null): string {
  return scale === null || version === 'empty' ? version : versionOf([version, scale.join(' ')])
}

/** Times in the future when they were stored, which an import refuses by now, are not known. */
function withoutFutureTimes(ratings: Ratings, stored: number): Ratings {
  const latest = latestTime(stored)
  if (!ratings.timestamp.some((second) => second > latest)) return ratings
  return {
    ...ratings,
    timestamp: ratings.timestamp.map((second) => (second > latest ? 0 : second)),
  }
}

/** Only the ratings on the scale; its ends are compared as they are stored, in single precision. */
function within(scale: RatingScale, ratings: Ratings): Ratings {
  const [lowest, highest] = scale.map(Math.fround) as [number, number]
  const isOnScale = (rating: number) => rating >= lowest && rating <= highest
  if (ratings.rating.every(isOnScale)) return ratings
  const rows = Uint32Array.from(ratings.rating.keys())
  return pickRows(
    ratings,
    rows.filter((row) => isOnScale(ratings.rating[row]!)),
  )
}
