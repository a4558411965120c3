import type { Ratings } from '../../model/data/ratings.ts'
import { type Vocabulary, VocabularyBuilder } from '../../model/data/vocabulary.ts'
import { groupBy } from '../../numeric/counting.ts'
import type { StoredRatings } from './told/live-ratings.ts'
import { withoutTakenBack } from './told/taken-back.ts'

/**
 * Ratings of one or more sources as one, in order, with one vocabulary. Of several ratings of one
 * user and movie only the latest stays; of equal timestamps, the one further back in the order. One
 * without a time is as late as the latest before it, and a live one as late as it was told. What
 * was taken back goes. Time and memory are linear in the rows.
 */
export function mergeRatings(sources: readonly StoredRatings[]): Ratings {
  const ratings = concatenate(sources)
  const isLive = sources.some(({ live }) => live)
  if (!isLive) return latestOnly(ratings, ratings.timestamp)
  return withoutTakenBack(latestOnly(ratings, timesOf(sources)))
}

/** When each row counts from. */
function timesOf(sources: readonly StoredRatings[]): Uint32Array {
  const times = new Uint32Array(sources.reduce((sum, { rating }) => sum + rating.length, 0))
  let start = 0
  for (const { timestamp, live } of sources) {
    times.set(live?.told ?? timestamp, start)
    start += timestamp.length
  }
  return times
}

function concatenate(sources: readonly StoredRatings[]): Ratings {
  const [only] = sources
  if (only !== undefined && sources.length === 1 && !only.live) return only
  const rows = sources.reduce((sum, source) => sum + source.rating.length, 0)
  const users = new VocabularyBuilder()
  const movies = new VocabularyBuilder()
  const userIndex = new Uint32Array(rows)
  const movieIndex = new Uint32Array(rows)
  const rating = new Float32Array(rows)
  const timestamp = new Uint32Array(rows)
  let start = 0
  for (const source of sources) {
    rename(source.userIndex, source.users, users, userIndex.subarray(start))
    rename(source.movieIndex, source.movies, movies, movieIndex.subarray(start))
    rating.set(source.rating, start)
    timestamp.set(source.timestamp, start)
    start += source.rating.length
  }
  return { users: users.build(), movies: movies.build(), userIndex, movieIndex, rating, timestamp }
}

/** Writes indices of one vocabulary as indices of a larger one. */
function rename(from: Uint32Array, ids: Vocabulary, all: VocabularyBuilder, to: Uint32Array): void {
  const newIndex = Uint32Array.from(ids.ids, (id) => all.add(id))
  for (let i = 0; i < from.length; i++) to[i] = newIndex[from[i] as number] as number
}

function latestOnly(ratings: Ratings, timestamp: Uint32Array): Ratings {
  const { userIndex, movieIndex } = ratings
  const rows = userIndex.length
  // The row that stands for a movie; it counts for a user only while that row is the user's own.
  const best = new Uint32Array(ratings.movies.size).fill(rows)
  const bestTime = new Uint32Array(ratings.movies.size)
  const isKept = new Uint8Array(rows).fill(1)
  let kept = rows
  for (const row of groupBy(userIndex, ratings.users.size).order) {
    const movie = movieIndex[row] as number
    const rival = best[movie] as number
    const isRepeat = rival < rows && userIndex[rival] === userIndex[row]
    const before = isRepeat ? bestTime[movie]! : 0
    const time = timestamp[row]! || before
    if (isRepeat) {
      isKept[time >= before ? rival : row] = 0
      kept -= 1
    }
    if (time < before) continue
    best[movie] = row
    bestTime[movie] = time
  }
  return kept === rows ? ratings : keepRows(ratings, isKept, kept)
}

/** The marked rows, in order. Every user and movie keeps a row, so the vocabularies stay. */
function keepRows(ratings: Ratings, isKept: Uint8Array, kept: number): Ratings {
  const result = {
    ...ratings,
    userIndex: new Uint32Array(kept),
    movieIndex: new Uint32Array(kept),
    rating: new Float32Array(kept),
    timestamp: new Uint32Array(kept),
  }
  let to = 0
  for (let row = 0; row < isKept.length; row++) {
    if (isKept[row] === 0) continue
    result.userIndex[to] = ratings.userIndex[row] as number
    result.movieIndex[to] = ratings.movieIndex[row] as number
    result.rating[to] = ratings.rating[row] as number
    result.timestamp[to] = ratings.timestamp[row] as number
    to += 1
  }
  return result
}
