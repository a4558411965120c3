import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Ratings } from '../../src/model/data/ratings.ts'
import { createRandom, type Random } from '../../src/numeric/random/random.ts'
import { mergeRatings } from '../../src/storage/ratings/merge-ratings.ts'
import { RatingColumns } from '../../src/storage/ratings/rating-columns.ts'

type Row = [userId: string, movieId: string, rating: number, timestamp: number]

function ratingsOf(rows: readonly Row[]): Ratings {
  const columns = new RatingColumns()
  for (const row of rows) columns.add(...row)
  return columns.build()
}

function rowsOf(ratings: Ratings): Row[] {
  return Array.from(ratings.rating, (rating, row) => [
    ratings.users.idOf(ratings.userIndex[row]!),
    ratings.movies.idOf(ratings.movieIndex[row]!),
    rating,
    ratings.timestamp[row]!,
  ])
}

/** What has to come out, found the slow way: no other row of the pair is later. */
function latest(rows: readonly Row[]): Row[] {
  return rows.filter(([user, movie, , timestamp], i) =>
    rows.every(
      ([otherUser, otherMovie, , other], j) =>
        user !== otherUser ||
        movie !== otherMovie ||
        other < timestamp ||
        (other === timestamp && j <= i),
    ),
  )
}

function randomRows(random: Random, count: number): Row[] {
  return Array.from({ length: count }, (_, i) => [
    `user${random.below(8)}`,
    `movie${random.below(10)}`,
    i,
    random.below(4),
  ])
}

test('no sources make no ratings', () => {
  assert.deepEqual(rowsOf(mergeRatings([])), [])
  assert.deepEqual(rowsOf(mergeRatings([ratingsOf([]), ratingsOf([])])), [])
})

test('the later rating of a user and movie wins; of equal times, the one that came later', () => {
  const first = ratingsOf([
    ['a', 'x', 1, 10],
    ['a', 'x', 2, 10],
    ['b', 'x', 3, 10],
  ])
  const second = ratingsOf([
    ['b', 'x', 4, 9],
    ['a', 'y', 5, 0],
  ])
  assert.deepEqual(rowsOf(mergeRatings([first, second])), [
    ['a', 'x', 2, 10],
    ['b', 'x', 3, 10],
    ['a', 'y', 5, 0],
  ])
})

test('random ratings in any number of sources merge as the slow way says, in order', () => {
  const random = createRandom(7, 'merge')
  for (let round = 0; round < 200; round++) {
    const sources = Array.from({ length: 1 + random.below(4) }, () =>
      randomRows(random, random.below(60)),
    )
    const merged = mergeRatings(sources.map(ratingsOf))
    const expected = latest(sources.flat())
    assert.deepEqual(rowsOf(merged), expected)
    assert.equal(merged.users.size, new Set(expected.map(([user]) => user)).size)
    assert.equal(merged.movies.size, new Set(expected.map(([, movie]) => movie)).size)
  }
})

test('ratings without repeats are not copied', () => {
  const only = ratingsOf([
    ['a', 'x', 1, 10],
    ['b', 'x', 3, 10],
  ])
  assert.equal(mergeRatings([only]), only)
})

test('columns grow as far as there are rows, and keep ids of any length apart', () => {
  const rows = Array.from(
    { length: 5_000 },
    (_, i): Row => [`a user with a long name ${i % 700}`, `movie ${i}`, i % 6, i],
  )
  assert.deepEqual(rowsOf(ratingsOf(rows)), rows)
})
