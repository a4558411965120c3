import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { pickRows, ratedMovies } from '../../src/model/data/ratings.ts'
import { ratingsOf } from '../training/planted-ratings.ts'

/** A pair may come more than once. */
const row = fc.tuple(fc.nat(4), fc.nat(6), fc.nat(5))

test('ratings by user stand by movie, those of one pair in their order', () => {
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 40 }), (rows) => {
      const ratings = ratingsOf(rows)
      const { offsets, movieIndex, rating } = ratedMovies(ratings)
      for (let user = 0; user < ratings.users.size; user++) {
        const own = rows.filter(([of]) => of === user).toSorted((a, b) => a[1] - b[1])
        const [from, to] = [offsets[user], offsets[user + 1]]
        assert.deepEqual(
          [[...movieIndex.subarray(from, to)], [...rating.subarray(from, to)]],
          [own.map(([, movie]) => movie), own.map(([, , value]) => value)],
        )
      }
    }),
  )
})

test('rows are picked in the order asked for, with all ids', () => {
  const ratings = ratingsOf([
    [0, 0, 1, 7],
    [1, 1, 2, 8],
    [2, 0, 3, 9],
  ])
  const { users, userIndex, movieIndex, rating, timestamp } = pickRows(
    ratings,
    Uint32Array.of(2, 1),
  )
  assert.equal(users, ratings.users)
  const columns = [userIndex, movieIndex, rating, timestamp].map((column) => [...column])
  assert.deepEqual(columns, [
    [2, 1],
    [0, 1],
    [3, 2],
    [9, 8],
  ])
})
