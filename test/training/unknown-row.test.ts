import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fillUnknownRow, rowShares } from '../../src/training/engines/simd/bayes/unknown-row.ts'

/** Three rows with 1, 3 and 0 ratings, and the one that stands for any other. */
const start = Uint32Array.of(0, 1, 4, 4, 4)

test('a new user may be any that has ratings, and new ratings go to movies as ratings do', () => {
  assert.deepEqual([...rowShares(start, 'user')], [0.5, 0.5, 0, 0])
  assert.deepEqual([...rowShares(start, 'movie')], [0.25, 0.75, 0, 0])
})

test('the last row becomes the mean of the others by their shares', () => {
  const rows = Float32Array.of(1, 2, 5, 6, 100, 100, -1, -1)
  fillUnknownRow(rows, rowShares(start, 'movie'))
  assert.deepEqual([...rows], [1, 2, 5, 6, 100, 100, 4, 5])
})
