import { groupBy } from '../../numeric/counting.ts'
import type { RatingScale } from './rating-scale.ts'
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
  /** The scale that was declared for them, which all lie within; not there where none was. */
  readonly declaredScale?: RatingScale
}

/**
 * The chosen rows, in that order, with the vocabularies of all: some ids may be left without a row.
 */
export function pickRows(ratings: Ratings, rows: Uint32Array): Ratings {
  return {
    ...ratings,
    userIndex: rows.map((row) => ratings.userIndex[row]!),
    movieIndex: rows.map((row) => ratings.movieIndex[row]!),
    rating: Float32Array.from(rows, (row) => ratings.rating[row]!),
    timestamp: rows.map((row) => ratings.timestamp[row]!),
  }
}

/**
 * Ratings by user in compressed sparse rows: row u is `offsets[u]` … `offsets[u+1]`, movies
 * ascending.
 */
export type RatedMovies = {
  readonly offsets: Uint32Array
  readonly movieIndex: Uint32Array
  readonly rating: Float32Array
}

/** Groups ratings by user (compressed sparse rows); linear in the rows. */
export function ratedMovies({ users, movies, ...columns }: Ratings): RatedMovies {
  const byMovie = groupBy(columns.movieIndex, movies.size).order
  const { start, order } = groupBy(columns.userIndex, users.size, byMovie)
  const rating = new Float32Array(order.length)
  for (let i = 0; i < order.length; i++) rating[i] = columns.rating[order[i]!]!
  return { offsets: start, movieIndex: order.map((row) => columns.movieIndex[row]!), rating }
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
