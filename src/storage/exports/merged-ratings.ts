import type { RatingScale } from '../../model/data/rating-scale.ts'
import type { Ratings } from '../../model/data/ratings.ts'
import { type IdTable, Vocabulary } from '../../model/data/vocabulary.ts'
import { type RatingsSegment, ratingsIn, ratingsOf } from '../ratings/load-ratings.ts'

/** Ratings as they pass from thread to thread. */
export type RatingsTable = Omit<Ratings, 'users' | 'movies'> & {
  readonly users: IdTable
  readonly movies: IdTable
}

/** The ratings of segments that count. */
export function mergeSegments(
  segments: readonly RatingsSegment[],
  scale: RatingScale | null,
): RatingsTable {
  const { users, movies, ...columns } = ratingsOf(segments, scale)
  return { ...columns, users: users.table, movies: movies.table }
}

/** The ratings of one import, row by row, that are within the scale. */
export function importedRatings(segment: RatingsSegment, scale: RatingScale | null): RatingsTable {
  const { users, movies, live: _, ...columns } = ratingsIn(segment, scale)
  return { ...columns, users: users.table, movies: movies.table }
}

/** The same ratings in this thread. */
export function openRatings({ users, movies, ...columns }: RatingsTable): Ratings {
  return { ...columns, users: new Vocabulary(users), movies: new Vocabulary(movies) }
}

/** Counts of ratings that count; `newest` is the latest time one was given, null without times. */
export type RatingCounts = {
  readonly ratings: number
  readonly users: number
  readonly movies: number
  readonly newest: number | null
}

/** Counts the ratings of segments that count. */
export function countRatings(
  segments: readonly RatingsSegment[],
  scale: RatingScale | null,
): RatingCounts {
  const { users, movies, rating, timestamp } = ratingsOf(segments, scale)
  let newest = 0
  for (const time of timestamp) if (time > newest) newest = time
  return {
    ratings: rating.length,
    users: users.size,
    movies: movies.size,
    newest: newest || null,
  }
}
