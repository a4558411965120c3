import { decodeMovies, encodeMovies } from '../movies/movies-segment.ts'
import type { ObjectStore } from '../object-store.ts'
import { decodeScale } from '../ratings/declared-scale.ts'
import { decodeRatings, encodeRatings } from '../ratings/ratings-segment.ts'
import { LiveRatingsBuilder } from '../ratings/told/live-ratings.ts'
import { reasonOf } from '../segments/load-segments.ts'
import {
  liveRangeOf,
  type SegmentFolder,
  segmentKey,
  storedNames,
  supersededNames,
} from '../segments/segment-names.ts'
import { decodeUsers } from '../users/users-segment.ts'
import type { Finding } from './finding.ts'
import { copyToQuarantine, quarantine } from './quarantine.ts'

/** What reads a segment of each folder whole; a `damaged-segment` error says why it cannot. */
const decoders: Record<SegmentFolder, (bytes: Uint8Array, key: string) => unknown> = {
  ratings: decodeRatings,
  movies: decodeMovies,
  users: decodeUsers,
  'rating-scales': decodeScale,
}
export const segmentFolders = Object.keys(decoders) as SegmentFolder[]

/** Why a segment is damaged; null where it is whole, or gone. */
export async function segmentDamage(
  store: ObjectStore,
  folder: SegmentFolder,
  name: string,
): Promise<string | null> {
  const key = segmentKey(folder, name)
  const bytes = await store.get(key)
  try {
    if (bytes !== null) decoders[folder](bytes, key)
    return null
  } catch (error) {
    return reasonOf(error)
  }
}

/** What is wrong with the segments of a store. */
export async function* checkSegments(store: ObjectStore): AsyncGenerator<Finding> {
  for (const folder of segmentFolders) {
    const names = await storedNames(store, folder)
    const superseded = supersededNames(names)
    for (const name of names) {
      const key = segmentKey(folder, name)
      const damage = await segmentDamage(store, folder, name)
      if (superseded.has(name))
        yield {
          ...{ kind: 'orphaned', key, what: 'Another segment has its events.', remedy: 'removed' },
          repair: () => store.remove(key),
        }
      else if (damage !== null)
        yield {
          ...{ kind: 'damaged', key, what: damage, remedy: 'moved to quarantine/' },
          repair: () => setAside(store, folder, name),
        }
    }
  }
}

/**
 * Moves a damaged segment into the quarantine. In place of live events comes a segment without any:
 * that they are told and folded its name still says.
 */
async function setAside(store: ObjectStore, folder: SegmentFolder, name: string): Promise<void> {
  const key = segmentKey(folder, name)
  if (liveRangeOf(name) === null) return quarantine(store, key)
  // Never away: who looks for it meanwhile would fold its events once more.
  await copyToQuarantine(store, key)
  const none =
    folder === 'movies' ? encodeMovies([]) : encodeRatings(new LiveRatingsBuilder().build())
  await store.put(key, none)
}
