import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Matrix } from '../../src/numeric/linear/matrix.ts'
import { leanUsersOnMean, likedShares, meanUserOf } from '../../src/training/ranking/mean-user.ts'
import { ratingsOf } from './planted-ratings.ts'

const rows = ratingsOf([
  [0, 0, 5],
  [0, 1, 5],
  [0, 2, 5],
  [1, 0, 4],
])
const factors = (...vectors: [number, number][]): Matrix => {
  return { rows: vectors.length, columns: 2, data: Float32Array.from(vectors.flat()) }
}

test('the mean user finds each movie as relevant as the share of users that like it', () => {
  const [first = 0, second = 0] = meanUserOf(
    likedShares(rows, 4, 1),
    factors([1, 0], [0, 1], [0, 0]),
  )
  assert.ok(Math.abs(first - 1) < 1e-6 && Math.abs(second - 0.5) < 1e-6, `${first} ${second}`)
})

test('late likes weigh more in it: one of which a quarter of all ratings are later e to the −1/16', () => {
  const late = { ...rows, timestamp: Uint32Array.of(1, 9, 1, 1) }
  const vectors = factors([1, 0], [0, 1], [0, 0])
  const [, even = 0] = meanUserOf(likedShares(rows, 4, 0), vectors)
  const [early = 0, later = 0] = meanUserOf(likedShares(late, 4, 1), vectors)
  assert.ok(Math.abs(later - even) < 1e-6, `${later} ${even}`)
  assert.ok(Math.abs(early - Math.exp(-0.25 / 4)) < 1e-5, `${early}`)
})

test('a user leans on the mean user by so many ratings against their own', () => {
  const leaning = factors([1, 0], [0, 1])
  leanUsersOnMean(rows, leaning, Float32Array.of(0.5, 0.5), 1)
  assert.deepEqual([...leaning.data], [0.875, 0.125, 0.25, 0.75])
})
