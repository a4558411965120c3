import { decimalOf } from '../../model/data/rating-scale.ts'
import { decodeModel } from '../../model/file/model-file.ts'
import { decodeRatings } from '../ratings/ratings-segment.ts'
import { decodeUsers } from '../users/users-segment.ts'

/** A rating as it is stored; null where a segment says that it was taken back. */
export type StoredRating = {
  readonly movieId: string
  readonly rating: number | null
  /** Seconds since 1970; null where it is not known. */
  readonly timestamp: number | null
}

/** The ratings that a user has in a segment, in their order. */
export function ratingsOfUser(bytes: Uint8Array, key: string, userId: string): StoredRating[] {
  const { users, movies, userIndex, movieIndex, rating, timestamp } = decodeRatings(bytes, key)
  const user = users.indexOf(userId)
  if (user < 0) return []
  const found: StoredRating[] = []
  for (let row = 0; row < rating.length; row++)
    if (userIndex[row] === user)
      found.push({
        movieId: movies.idOf(movieIndex[row]!),
        rating: Number.isNaN(rating[row]!) ? null : decimalOf(rating[row]!),
        timestamp: timestamp[row] || null,
      })
  return found
}

/** What a segment of users says of one, as "group:value" texts; null where it does not. */
export function attributesOfUser(
  bytes: Uint8Array,
  key: string,
  userId: string,
): readonly string[] | null {
  return decodeUsers(bytes, key).get(userId) ?? null
}

/** How many ratings a model knows of a user; null where it does not know them. */
export function ratingsInModel(bytes: Uint8Array, userId: string): number | null {
  const { users, rated } = decodeModel(bytes)
  const user = users.indexOf(userId)
  return user < 0 ? null : rated.offsets[user + 1]! - rated.offsets[user]!
}
