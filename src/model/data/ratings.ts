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
    userIndex: picked(ratings.userIndex, rows),
    movieIndex: picked(ratings.movieIndex, rows),
    rating: picked(ratings.rating, rows),
    timestamp: picked(ratings.timestamp, rows),
  }
}

/** The numbers at the chosen rows, in that order. */
export function picked<Numbers extends Float32Array | Uint32Array | Int32Array>(
  numbers: Numbers,
  rows: Uint32Array,
): Numbers {
  const chosen = new (numbers.constructor as new (length: number) => Numbers)(rows.length)
  for (let i = 0; i < rows.length; i++) chosen[i] = numbers[rows[i]!]!
  return chosen
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

/**
 * Groups ratings by user (compressed sparse rows), those of one pair in order. Each user's few are sorted
 * by themselves: to sort all rows by movie first would go through memory at random.
 */
export function ratedMovies({ users, ...columns }: Ratings): RatedMovies {
  const { start, order } = groupBy(columns.userIndex, users.size)
  const movieIndex = new Uint32Array(order.length)
  const rating = new Float32Array(order.length)
  let most = 0
  for (let user = 0; user < users.size; user++)
    most = Math.max(most, start[user + 1]! - start[user]!)
  // The movie and, below it, the place: whole numbers under 2^53 for all ids that fit a vocabulary.
  const keys = new Float64Array(most)
  for (let user = 0; user < users.size; user++) {
    const from = start[user]!
    const count = start[user + 1]! - from
    let isRising = true
    for (let i = 0; i < count; i++) {
      keys[i] = columns.movieIndex[order[from + i]!]! * count + i
      if (i > 0 && keys[i]! < keys[i - 1]!) isRising = false
    }
    if (!isRising) keys.subarray(0, count).sort()
    for (let i = 0; i < count; i++) {
      const movie = Math.floor(keys[i]! / count)
      movieIndex[from + i] = movie
      rating[from + i] = columns.rating[order[from + keys[i]! - movie * count]!]!
    }
  }
  return { offsets: start, movieIndex, rating }
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
