import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MarqueeError } from '../../src/errors.ts'
import { trainingSpecSchema } from '../../src/model/spec/training-spec.ts'
import { randomSplit } from '../../src/training/splitting/random-split.ts'
import { splitRatings } from '../../src/training/splitting/split-ratings.ts'
import { globalTimeSplit, userTimeSplit } from '../../src/training/splitting/time-split.ts'
import { ratingsOf } from './planted-ratings.ts'

const specOf = (split: object) =>
  trainingSpecSchema.parse({ algorithm: 'dot-bias', seed: 9, split }) as {
    split: { method: 'random'; valid: number }
    seed: number
  }
const timed = ratingsOf(
  Array.from({ length: 40 }, (_, row) => [row % 4, row, 3, 1_000 - ((row * 7) % 40)]),
)

test('a spec without a word about it splits a fifth off at random', () => {
  assert.deepEqual(splitRatings(timed, specOf({})), randomSplit(40, 0.2, 9, 'split'))
})

test('each method is the one that its name says', () => {
  const of = (method: string) => splitRatings(timed, specOf({ method, valid: 0.3 }))
  assert.deepEqual(of('random'), randomSplit(40, 0.3, 9, 'split'))
  assert.deepEqual(of('user-time'), userTimeSplit(timed, 0.3))
  assert.deepEqual(of('global-time'), globalTimeSplit(timed, 0.3))
})

for (const [what, ratings, split, message] of [
  ['too few rows', ratingsOf([[0, 0, 3, 1]]), {}, /holds none of 1 ratings out/],
  [
    'users with too few rows each',
    ratingsOf(Array.from({ length: 40 }, (_, row) => [row, 0, 3, 1])),
    { method: 'user-time' },
    /"user-time" holds the last ratings of each user out: at a share of .* none has as many/,
  ],
  [
    'a split by time without times',
    ratingsOf(Array.from({ length: 40 }, (_, row) => [0, row, 3])),
    { method: 'global-time' },
    /needs ratings with timestamps/,
  ],
] as const)
  test(`${what} are a no-ratings error`, () => {
    assert.throws(
      () => splitRatings(ratings, specOf(split)),
      (error) =>
        error instanceof MarqueeError && error.code === 'no-ratings' && message.test(error.message),
    )
  })

test('a share of 0 holds nothing out, and that is no error', () => {
  assert.equal(splitRatings(timed, specOf({ valid: 0 })).heldOut.length, 0)
})
