import { pickRows, type Ratings } from '../../../model/data/ratings.ts'
import { Vocabulary } from '../../../model/data/vocabulary.ts'
import type { StoredRatings } from './live-ratings.ts'

/** The ratings without those that were taken back, which are NaN, and ids that have no other. */
export function withoutTakenBack(ratings: Ratings): Ratings {
  const isThere = (row: number) => !Number.isNaN(ratings.rating[row]!)
  const rows = rowsWhere(ratings, isThere)
  return withOwnIds(rows === null ? ratings : pickRows(ratings, rows))
}

/** A source of ratings and when it was stored, in seconds since 1970. */
export type StoredSource = { readonly ratings: StoredRatings; readonly stored: number }

/**
 * The sources, in order, without what erasures take: imports that were stored before one was told,
 * to the second, and live ratings of all sources before its own.
 */
export function withoutErased(sources: readonly StoredSource[]): StoredSource[] {
  const ofAll = new Map<string, number>()
  for (const { ratings } of sources) noteErasures(ratings, ofAll)
  if (ofAll.size === 0) return [...sources]
  /** When the user was erased last; goes from the last source to the first. */
  const ofLater = new Map<string, number>()
  const kept: StoredSource[] = []
  for (const { ratings, stored } of sources.toReversed()) {
    const { live, users } = ratings
    const isGone = new Uint8Array(users.size)
    for (const [userId, told] of live ? ofLater : ofAll) {
      const user = users.indexOf(userId)
      if (user >= 0 && (live || stored <= told)) isGone[user] = 1
    }
    const rows = rowsWhere(ratings, (row) => isGone[ratings.userIndex[row]!] === 0)
    kept.push({ ratings: rows === null ? ratings : pickStored(ratings, rows), stored })
    noteErasures(ratings, ofLater)
  }
  return kept.reverse()
}

function noteErasures({ users, live }: StoredRatings, erased: Map<string, number>): void {
  live?.erasedUser.forEach((user, i) => {
    const userId = users.idOf(user)
    erased.set(userId, Math.max(live.erasedTold[i]!, erased.get(userId) ?? 0))
  })
}

/** The chosen rows of a segment with what was told of them. */
export function pickStored(ratings: StoredRatings, rows: Uint32Array): StoredRatings {
  const { live } = ratings
  const picked = pickRows(ratings, rows)
  if (!live) return picked
  const told = rows.map((row) => live.told[row]!)
  return { ...picked, live: { ...live, told, offset: rows.map((row) => live.offset[row]!) } }
}

/** The rows of which the claim holds, in order; null where it holds of all. */
export function rowsWhere(
  { rating: { length } }: Pick<Ratings, 'rating'>,
  holds: (row: number) => boolean,
): Uint32Array | null {
  let kept = 0
  for (let row = 0; row < length; row++) kept += Number(holds(row))
  if (kept === length) return null
  const rows = new Uint32Array(kept)
  for (let row = 0, to = 0; row < length; row++) if (holds(row)) rows[to++] = row
  return rows
}

/** The ratings with the ids that have one, in the order of their first; the same where they are so. */
function withOwnIds(ratings: Ratings): Ratings {
  const users = ownIds(ratings.users, ratings.userIndex)
  const movies = ownIds(ratings.movies, ratings.movieIndex)
  if (users === null && movies === null) return ratings
  return {
    ...ratings,
    ...(users && { users: users.ids, userIndex: users.index }),
    ...(movies && { movies: movies.ids, movieIndex: movies.index }),
  }
}

function ownIds(ids: Vocabulary, index: Uint32Array) {
  const newIndex = new Int32Array(ids.size).fill(-1)
  const own: number[] = []
  for (let row = 0; row < index.length; row++) {
    const id = index[row]!
    if (newIndex[id]! < 0) newIndex[id] = own.push(id) - 1
  }
  if (own.length === ids.size && own.every((id, i) => id === i)) return null
  return {
    ids: new Vocabulary(own.map((id) => ids.idOf(id))),
    index: index.map((id) => newIndex[id]!),
  }
}
