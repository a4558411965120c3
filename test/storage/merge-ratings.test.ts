import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Ratings } from '../../src/model/data/ratings.ts'
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

/**
 * The rows that are to stay, pair by pair: the latest rating, of equal times the one further back;
 * one without a time is no earlier than any before it.
 */
function latest(rows: readonly Row[]): Row[] {
  const best = new Map<string, { row: Row; time: number }>()
  for (const row of rows) {
    const pair = `${row[0]} ${row[1]}`
    const before = best.get(pair)?.time ?? 0
    const time = row[3] === 0 ? before : row[3]
    if (time >= before) best.set(pair, { row, time })
  }
  return rows.filter((row) => best.get(`${row[0]} ${row[1]}`)?.row === row)
}

/** Few users, movies and times, so that many rows are of one pair and of one time. */
const anyRow = fc.tuple(
  fc.constantFrom('a', 'b', 'c', 'd'),
  fc.constantFrom('x', 'y', 'z', 'a'),
  fc.integer({ min: 0, max: 100 }),
  fc.constantFrom(0, 1, 2, 4_294_967_295),
)

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

test('a rating given again without a time replaces the older, and gives way to a later only', () => {
  const timed = ratingsOf([['a', 'x', 5, 17]])
  const again = ratingsOf([['a', 'x', 1, 0]])
  const merged = (time: number) =>
    rowsOf(mergeRatings([timed, again, ratingsOf([['a', 'x', 3, time]])]))
  assert.deepEqual(rowsOf(mergeRatings([timed, again])), [['a', 'x', 1, 0]])
  assert.deepEqual(merged(16), [['a', 'x', 1, 0]])
  assert.deepEqual(merged(18), [['a', 'x', 3, 18]])
})

test('any ratings merge to the latest of each pair, in order, however they are split', () => {
  fc.assert(
    fc.property(
      fc.array(anyRow, { maxLength: 60, size: 'max' }),
      fc.array(fc.nat({ max: 60 }), { maxLength: 5 }),
      (rows, cuts) => {
        const ends = [...cuts.sort((a, b) => a - b), rows.length]
        const sources = ends.map((end, i) => ratingsOf(rows.slice(ends[i - 1] ?? 0, end)))
        const merged = mergeRatings(sources)
        const expected = latest(rows)
        assert.deepEqual(rowsOf(merged), expected)
        assert.equal(merged.users.size, new Set(expected.map(([user]) => user)).size)
        assert.equal(merged.movies.size, new Set(expected.map(([, movie]) => movie)).size)
      },
    ),
    { numRuns: 300 },
  )
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
