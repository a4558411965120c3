import assert from 'node:assert/strict'
import { test } from 'node:test'
import { recencyWeights } from '../../src/training/ranking/recency-weights.ts'
import { ratingsOf } from './planted-ratings.ts'

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
  ])
  const after = (share: number) => Math.exp(-2 * share)
  near(recencyWeights(rows, 2), [1, 1, after(2 / 4), after(1 / 4), after(2 / 4)])
})

test('without times, or without recency, all weigh the same', () => {
  const timeless = ratingsOf([
    [0, 0, 5],
    [0, 1, 4],
    [1, 1, 3],
  ])
  near(recencyWeights(timeless, 2), [1, 1, 1])
  near(
    recencyWeights(
      ratingsOf([
        [0, 0, 5, 1],
        [0, 1, 5, 2],
      ] as const),
      0,
    ),
    [1, 1],
  )
})
