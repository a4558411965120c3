import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Matrix } from '../../src/numeric/linear/matrix.ts'
import { leanUsersOnMean, meanUserOf } from '../../src/training/ranking/mean-user.ts'
import { ratingsOf } from './planted-ratings.ts'

const rows = ratingsOf([
  [0, 0, 5],
  [0, 1, 5],
  [0, 2, 5],
  [1, 0, 4],
])
const factors = (): Matrix => ({ rows: 2, columns: 2, data: Float32Array.of(1, 0, 0, 1) })

test('without times every user weighs the same in the mean user', () => {
  assert.deepEqual([...meanUserOf(rows, factors(), 1)], [0.5, 0.5])
})

test('a user of late ratings weighs more in it, by e² at most where recency is 1', () => {
  const late = { ...rows, timestamp: Uint32Array.of(1, 1, 1, 9) }
  const [early = 0, later = 0] = meanUserOf(late, factors(), 1)
  assert.ok(Math.abs(later / early - Math.exp(2 / 4)) < 1e-5, `${later / early}`)
  assert.deepEqual([...meanUserOf(late, factors(), 0)], [0.5, 0.5])
})

test('a user leans on the mean user by one rating against their own', () => {
  const leaning = factors()
  leanUsersOnMean(rows, leaning, Float32Array.of(0.5, 0.5))
  assert.deepEqual([...leaning.data], [0.875, 0.125, 0.25, 0.75])
})
