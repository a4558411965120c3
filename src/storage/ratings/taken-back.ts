import { pickRows, type Ratings } from '../../model/data/ratings.ts'
import { Vocabulary } from '../../model/data/vocabulary.ts'
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
 * The sources, in order, without what the erasures of later ones take: imports that were stored
 * before the erasure was told, and live ratings of all sources before its own.
 */
export function withoutErased(sources: readonly StoredSource[]): StoredRatings[] {
  /** When the user was erased last; goes from the last source to the first. */
  const erased = new Map<string, number>()
  const kept: StoredRatings[] = []
  for (const { ratings, stored } of sources.toReversed()) {
    const { live, users } = ratings
    const isGone = new Uint8Array(users.size)
    for (const [userId, told] of erased) {
      const user = users.indexOf(userId)
      if (user >= 0 && (live || stored <= told)) isGone[user] = 1
    }
    const rows = rowsWhere(ratings, (row) => isGone[ratings.userIndex[row]!] === 0)
    kept.push(rows === null ? ratings : pickStored(ratings, rows))
    live?.erasedUser.forEach((user, i) => {
      const userId = users.idOf(user)
      erased.set(userId, Math.max(live.erasedTold[i]!, erased.get(userId) ?? 0))
    })
  }
  return kept.reverse()
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

/** The ratings with the ids that have one, in order; the same where all have. */
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
  for (let row = 0; row < index.length; row++) newIndex[index[row]!] = 0
  let used = 0
  for (let id = 0; id < newIndex.length; id++) if (newIndex[id] === 0) newIndex[id] = used++
  if (used === ids.size) return null
  return {
    ids: new Vocabulary(ids.ids.filter((_, id) => newIndex[id]! >= 0)),
    index: index.map((id) => newIndex[id]!),
  }
}
