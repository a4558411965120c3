import type { Vocabulary } from './vocabulary.ts'

/**
 * Ratings in columns: row i says that user `userIndex[i]` gave movie `movieIndex[i]` the value
 * `rating[i]` at `timestamp[i]` (seconds since 1970, 0 when not known). All four have one length.
 */
export type Ratings = {
  readonly users: Vocabulary
  readonly movies: Vocabulary
  readonly userIndex: Uint32Array
  readonly movieIndex: Uint32Array
  readonly rating: Float32Array
  readonly timestamp: Uint32Array
}

/** The chosen rows, in that order, with the vocabularies of all: some ids may be left without a row. */
export function pickRows(ratings: Ratings, rows: Uint32Array): Ratings {
  return {
    users: ratings.users,
    movies: ratings.movies,
    userIndex: rows.map((row) => ratings.userIndex[row]!),
    movieIndex: rows.map((row) => ratings.movieIndex[row]!),
    rating: Float32Array.from(rows, (row) => ratings.rating[row]!),
    timestamp: rows.map((row) => ratings.timestamp[row]!),
  }
}

/** The lowest and the highest rating. */
export type RatingScale = readonly [lowest: number, highest: number]

/** Ratings by user in compressed sparse rows: row u is `offsets[u]` … `offsets[u+1]`, movies ascending. */
export type RatedMovies = {
  readonly offsets: Uint32Array
  readonly movieIndex: Uint32Array
  readonly rating: Float32Array
}

/** Groups ratings by user (compressed sparse rows), O(rows log rows of the busiest user). */
export function ratedMovies(ratings: Ratings): RatedMovies {
  const offsets = new Uint32Array(ratings.users.size + 1)
  for (const user of ratings.userIndex) offsets[user + 1]! += 1
  for (let user = 0; user < ratings.users.size; user++) offsets[user + 1]! += offsets[user]!

  const next = offsets.slice(0, -1)
  const rows = new Uint32Array(ratings.rating.length)
  ratings.userIndex.forEach((user, row) => {
    rows[next[user]!] = row
    next[user]! += 1
  })
  for (let user = 0; user < ratings.users.size; user++)
    rows
      .subarray(offsets[user], offsets[user + 1])
      .sort((a, b) => ratings.movieIndex[a]! - ratings.movieIndex[b]!)
  return {
    offsets,
    movieIndex: Uint32Array.from(rows, (row) => ratings.movieIndex[row]!),
    rating: Float32Array.from(rows, (row) => ratings.rating[row]!),
  }
}

/** Ratings of one user in a model's movie indices, one of a movie at most. */
export type OwnRatings = {
  readonly movieIndex: ArrayLike<number>
  readonly rating: ArrayLike<number>
}

/** The ratings of a user of the model; none for −1. */
export function ownRatings(
  { rated }: { readonly rated: RatedMovies },
  user: number,
): OwnRatings & { movieIndex: Uint32Array } {
  const from = user < 0 ? 0 : rated.offsets[user]!
  const to = user < 0 ? 0 : rated.offsets[user + 1]!
  return {
    movieIndex: rated.movieIndex.subarray(from, to),
    rating: rated.rating.subarray(from, to),
  }
}
