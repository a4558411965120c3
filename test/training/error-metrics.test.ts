import assert from 'node:assert/strict'
import { test } from 'node:test'
import { errorsByWarmth } from '../../src/training/evaluation/error-metrics.ts'

test('each row is in one part: warm, cold user (also when the movie is cold), cold movie', () => {
  const parts = errorsByWarmth(new Float64Array(6).fill(3), {
    userIndex: Int32Array.of(0, 1, -1, -1, 0, 1),
    movieIndex: Int32Array.of(0, 0, 2, -1, -1, 1),
    rating: Float32Array.of(3, 5, 4, 1, 2, 3),
  })
  const near = (errors: typeof parts.warm, mse: number, rows: number) => {
    assert.ok(Math.abs(errors!.mse - mse) < 1e-9)
    assert.ok(Math.abs(errors!.rmse - Math.sqrt(mse)) < 1e-9)
    assert.equal(errors!.rows, rows)
  }
  near(parts.warm, 4 / 3, 3)
  near(parts.coldUser, (1 + 4) / 2, 2)
  near(parts.coldMovie, 1, 1)
})

test('a part without rows is null', () => {
  const rows = {
    userIndex: Int32Array.of(0),
    movieIndex: Int32Array.of(0),
    rating: Float32Array.of(3),
  }
  const { warm, coldUser, coldMovie } = errorsByWarmth(Float64Array.of(3), rows)
  assert.deepEqual([warm?.rows, coldUser, coldMovie], [1, null, null])
})
