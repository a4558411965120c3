import { Vocabulary } from '../../model/data/vocabulary.ts'
import type { ObjectStore } from '../object-store.ts'
import { decodeRatings, encodeRatings } from '../ratings/ratings-segment.ts'
import type { LiveColumns, StoredRatings } from '../ratings/told/live-ratings.ts'
import { reasonOf } from '../segments/load-segments.ts'
import { notesIn } from '../segments/sealed-tensors.ts'
import { liveRangeOf, segmentKey, storedNames, timeOfName } from '../segments/segment-names.ts'
import { decodeUsers, encodeUsers } from '../users/users-segment.ts'
import { isOf, type Receipt } from './receipts.ts'

/**
 * Takes the ratings that the user of an erasure gave before it out of all segments, each in place.
 * That they are erased is told by live segments, which come last: cut off, what is left does not
 * count. Who reads meanwhile begins with the last, see `loadSegments`. An import that is taken back
 * meanwhile stays away. A damaged one stays as it is: a sentence names those; null without any.
 */
export async function eraseRatings(store: ObjectStore, receipt: Receipt): Promise<string | null> {
  const marked: string[] = []
  const damaged = await eachWhole('ratings', await storedNames(store, 'ratings'), async (name) => {
    const outcome = await eraseFrom(store, name, receipt, false)
    if (outcome === 'marked') marked.push(name)
  })
  for (const name of marked) await eraseFrom(store, name, receipt, true)
  return damaged
}

/** Takes what was imported about the user of an erasure before it out of all segments; as above. */
export async function eraseAttributes(
  store: ObjectStore,
  receipt: Receipt,
): Promise<string | null> {
  return eachWhole('users', await storedNames(store, 'users'), async (name) => {
    const key = segmentKey('users', name)
    const bytes = isBefore(name, receipt) ? await store.get(key) : null
    if (bytes === null) return
    const users = decodeUsers(bytes, key)
    const kept = [...users].filter(([userId]) => !isOf(receipt, userId))
    if (kept.length < users.size)
      await store.putIfPresent(key, encodeUsers(new Map(kept), notesIn(bytes)))
  })
}

/** Does something with each segment; a sentence names those that are damaged. */
async function eachWhole(
  folder: 'ratings' | 'users',
  names: readonly string[],
  work: (name: string) => Promise<void>,
): Promise<string | null> {
  const damaged: string[] = []
  for (const name of names)
    try {
      await work(name)
    } catch (error) {
      reasonOf(error)
      damaged.push(segmentKey(folder, name))
    }
  if (damaged.length === 0) return null
  return `Damaged segments may name the user and were left: ${damaged.join(', ')}.`
}

function isBefore(name: string, { requestedAt }: Receipt): boolean {
  return timeOfName(name) <= Date.parse(requestedAt)
}

async function eraseFrom(
  store: ObjectStore,
  name: string,
  receipt: Receipt,
  takesMark: boolean,
): Promise<'marked' | 'done'> {
  const range = liveRangeOf(name)
  if (range === null && !isBefore(name, receipt)) return 'done'
  const key = segmentKey('ratings', name)
  const bytes = await store.get(key)
  if (bytes === null) return 'done'
  const ratings = decodeRatings(bytes, key)
  const user = ratings.users.ids.findIndex((id) => isOf(receipt, id))
  if (user < 0) return 'done'
  const { live } = ratings
  const { epoch, seq } = receipt.position
  const toldSeconds = Date.parse(receipt.requestedAt) / 1_000
  /** Whether what an event of the segment told is to go. */
  const isErased = (offset: number, told: number) =>
    range === null || (range.epoch === epoch ? range.from + offset <= seq : told <= toldSeconds)
  const isMarked = live?.erasedUser.some(
    (of, i) => of === user && isErased(live.erasedOffset[i]!, live.erasedTold[i]!),
  )
  if (isMarked && !takesMark) return 'marked'
  const rows = Uint32Array.from(ratings.rating.keys()).filter(
    (row) =>
      ratings.userIndex[row] !== user || !isErased(live?.offset[row] ?? 0, live?.told[row] ?? 0),
  )
  const marks =
    live &&
    Uint32Array.from(live.erasedUser.keys()).filter(
      (i) => live.erasedUser[i] !== user || !isErased(live.erasedOffset[i]!, live.erasedTold[i]!),
    )
  const isNamed = rows.some((row) => ratings.userIndex[row] === user)
  if (rows.length < ratings.rating.length || isMarked || !isNamed)
    await store.putIfPresent(key, encodeRatings(picked(ratings, rows, marks), notesIn(bytes)))
  return 'done'
}

/** The chosen rows and erasures, with the ids that one of them names. */
function picked(ratings: StoredRatings, rows: Uint32Array, marks?: Uint32Array): StoredRatings {
  const of = (column: Uint32Array, chosen = rows) => chosen.map((i) => column[i]!)
  const { live } = ratings
  const erasedUser = live ? of(live.erasedUser, marks) : new Uint32Array()
  const users = used(ratings.users, [of(ratings.userIndex), erasedUser])
  const movies = used(ratings.movies, [of(ratings.movieIndex)])
  const columns: LiveColumns | undefined = live && {
    told: of(live.told),
    offset: of(live.offset),
    erasedUser: users.renamed[1]!,
    erasedTold: of(live.erasedTold, marks),
    erasedOffset: of(live.erasedOffset, marks),
  }
  return {
    users: users.ids,
    movies: movies.ids,
    userIndex: users.renamed[0]!,
    movieIndex: movies.renamed[0]!,
    rating: Float32Array.from(rows, (row) => ratings.rating[row]!),
    timestamp: of(ratings.timestamp),
    ...(columns && { live: columns }),
  }
}

/** The ids that the indices name, in their order, and the indices of them. */
function used(ids: Vocabulary, columns: readonly Uint32Array[]) {
  const newIndex = new Int32Array(ids.size).fill(-1)
  for (const column of columns) for (const index of column) newIndex[index] = 0
  let count = 0
  for (let id = 0; id < newIndex.length; id++) if (newIndex[id] === 0) newIndex[id] = count++
  return {
    ids: new Vocabulary(ids.ids.filter((_, id) => newIndex[id]! >= 0)),
    renamed: columns.map((column) => column.map((index) => newIndex[index]!)),
  }
}
