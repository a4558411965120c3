import assert from 'node:assert/strict'
import { test } from 'node:test'
import { errorBuckets } from '../../src/training/report/error-buckets.ts'

test('buckets double, and each has the root of its mean squared error', () => {
  assert.deepEqual(errorBuckets([7, 4, 1, 0], [1, -3, 0.5, 2]), [
    { from: 0, to: 0, rows: 1, rmse: 2 },
    { from: 1, to: 1, rows: 1, rmse: 0.5 },
    { from: 2, to: 3, rows: 0, rmse: null },
    { from: 4, to: 7, rows: 2, rmse: Math.sqrt(5) },
  ])
})

test('a number of ratings is within the bucket that it is counted in', () => {
  for (const trainingRatings of [0, 1, 2, 3, 4, 15, 16, 17, 1_023, 1_024, 70_000]) {
    const { from, to, rows } = errorBuckets([trainingRatings], [1]).at(-1)!
    assert.ok(from <= trainingRatings && trainingRatings <= to && rows === 1)
  }
})

test('without rows there are no buckets', () => {
  assert.deepEqual(errorBuckets([], []), [])
})
