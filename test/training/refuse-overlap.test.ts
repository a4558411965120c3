import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MarqueeError } from '../../src/errors.ts'
import { refuseOverlap } from '../../src/training/splitting/refuse-overlap.ts'
import { ratingsOf } from './planted-ratings.ts'

const train = ratingsOf([
  [0, 1, 4],
  [2, 3, 3],
  [1, 0, 5],
])

test('pairs that stand on both sides are refused, with their number and the first of them', () => {
  const test = ratingsOf([
    [1, 0, 1],
    [0, 1, 4],
    [1, 1, 4],
  ])
  assert.throws(
    () => refuseOverlap(train, test),
    (error) =>
      error instanceof MarqueeError &&
      error.code === 'invalid-request' &&
      /2 pairs, the first user u0 and movie m1/.test(error.message),
  )
})

test('the same users and movies in other pairs, and unseen ones, pass', () => {
  refuseOverlap(
    train,
    ratingsOf([
      [0, 0, 4],
      [1, 3, 4],
      [9, 1, 4],
      [0, 9, 4],
    ]),
  )
})
