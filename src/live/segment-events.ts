import { decimalOf } from '../model/data/rating-scale.ts'
import type { ObjectStore } from '../storage/object-store.ts'
import { decodeRatings } from '../storage/ratings/ratings-segment.ts'
import { type LiveMark, marksOf, seqIn, withinMarks } from '../storage/segments/live-marks.ts'
import { reasonOf } from '../storage/segments/load-segments.ts'
import {
  type LiveRange,
  liveRangeOf,
  segmentKey,
  segmentNames,
} from '../storage/segments/segment-names.ts'
import type { LiveEvent } from './live-event.ts'

const eventsAtOnce = 10_000

/**
 * Gives out the events of ratings that the store has and the marks lack, in order, some thousand at
 * once, of each user and movie the last of a segment; gives up to where the store goes.
 */
export async function giveStoredEvents(
  store: ObjectStore,
  lacking: readonly LiveMark[],
  take: (events: readonly LiveEvent[]) => void,
): Promise<LiveMark[]> {
  const names = await segmentNames(store, 'ratings')
  for (const name of names) {
    const range = liveRangeOf(name)
    if (range === null || withinMarks(range, lacking) === 'all') continue
    const key = segmentKey('ratings', name)
    const bytes = await store.get(key)
    // Put together with others since it was listed: begun anew, it is found there.
    if (bytes === null) throw new Error(`The segment ${name} is gone.`)
    const seq = seqIn(lacking, range.epoch)
    const events = eventsIn(bytes, key, range).filter((event) => event.seq > seq)
    for (let from = 0; from < events.length; from += eventsAtOnce) {
      take(events.slice(from, from + eventsAtOnce))
      await new Promise(setImmediate)
    }
  }
  return marksOf(names)
}

/** The events of a segment; of a damaged one, which is told elsewhere, none. */
function eventsIn(bytes: Uint8Array, key: string, range: LiveRange): LiveEvent[] {
  try {
    return eventsOf(bytes, key, range)
  } catch (error) {
    reasonOf(error)
    return []
  }
}

/** The events of a segment in the order in which they were told. */
function eventsOf(bytes: Uint8Array, key: string, { epoch, from }: LiveRange): LiveEvent[] {
  const { users, movies, userIndex, movieIndex, rating, timestamp, live } = decodeRatings(
    bytes,
    key,
  )
  if (!live) return []
  const erased = Array.from(live.erasedUser, (user, i): LiveEvent => {
    const position = { epoch, seq: from + live.erasedOffset[i]!, told: live.erasedTold[i]! }
    return { ...position, type: 'user-erased', userId: users.idOf(user) }
  })
  // Each in one literal: to spread one object into another costs V8 ten times the rest.
  const rated = Array.from(rating, (value, row): LiveEvent => {
    const [seq, told] = [from + live.offset[row]!, live.told[row]!]
    const [userId, movieId] = [users.idOf(userIndex[row]!), movies.idOf(movieIndex[row]!)]
    if (Number.isNaN(value)) return { epoch, seq, told, type: 'unrated', userId, movieId }
    const [rating, time] = [decimalOf(value), timestamp[row]!]
    return { epoch, seq, told, type: 'rated', userId, movieId, rating, timestamp: time }
  })
  return erased.length === 0 ? rated : [...erased, ...rated].sort((a, b) => a.seq - b.seq)
}
