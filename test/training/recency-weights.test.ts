import assert from 'node:assert/strict'
import { test } from 'node:test'
import { weighByRecency } from '../../src/training/ranking/recency-weights.ts'
import { ratingsOf } from './planted-ratings.ts'

const weightsOf = (rows: Parameters<typeof weighByRecency>[0], recency: number) => {
  const weight = new Float32Array(rows.rating.length)
  weighByRecency(rows, recency, weight)
  return weight
}
const near = (actual: Float32Array, expected: number[]) =>
  actual.forEach((weight, row) => {
    assert.ok(Math.abs(weight - expected[row]!) < 1e-6, `row ${row}: ${weight}`)
  })

test('a rating weighs less, the more of its user’s ratings are later', () => {
  const rows = ratingsOf([
    [0, 0, 5, 300],
    [1, 0, 5, 50],
    [0, 1, 5, 100],
    [0, 2, 5, 200],
    [0, 3, 5, 100],
    [2, 0, 5, 10],
    [2, 1, 5, 20],
    [2, 2, 5, 20],
  ])
  const after = (share: number) => Math.exp(-2 * share)
  // By user: those of user 0, then that of user 1, then those of user 2, which come in order.
  const [half, quarter] = [after(2 / 4), after(1 / 4)]
  near(weightsOf(rows, 2), [1, half, quarter, half, 1, after(2 / 3), 1, 1])
})

test('without times, or without recency, all weigh the same', () => {
  const timeless = ratingsOf([
    [0, 0, 5],
    [0, 1, 4],
    [1, 1, 3],
  ])
  near(weightsOf(timeless, 2), [1, 1, 1])
  near(
    weightsOf(
      ratingsOf([
        [0, 0, 5, 1],
        [0, 1, 5, 2],
      ] as const),
      0,
    ),
    [1, 1],
  )
})
