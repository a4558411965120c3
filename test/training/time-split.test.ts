import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRandom } from '../../src/numeric/random/random.ts'
import { globalTimeSplit, userTimeSplit } from '../../src/training/splitting/time-split.ts'
import { ratingsOf } from './planted-ratings.ts'

test('the last of each user go, whatever the order of the rows, and a lone row stays', () => {
  const ratings = ratingsOf([
    [0, 0, 3, 50],
    [1, 0, 3, 10],
    [0, 1, 3, 20],
    [2, 0, 3, 99],
    [0, 2, 3, 30],
    [1, 1, 3, 40],
    [0, 3, 3, 40],
  ])
  const { kept, heldOut } = userTimeSplit(ratings, 0.5)
  assert.deepEqual([...heldOut], [0, 5, 6])
  assert.deepEqual([...kept], [1, 2, 3, 4])
})

test('one cut in time holds the last of all out, also users and movies never seen before it', () => {
  const ratings = ratingsOf([
    [0, 0, 3, 50],
    [1, 1, 3, 10],
    [0, 2, 3, 20],
    [2, 3, 3, 99],
    [0, 3, 3, 30],
  ])
  const { kept, heldOut } = globalTimeSplit(ratings, 0.4)
  assert.deepEqual([...heldOut], [0, 3])
  assert.deepEqual([...kept], [1, 2, 4])
})

test('of equal times the rows further down count as later', () => {
  const ratings = ratingsOf(Array.from({ length: 10 }, (_, row) => [row % 2, row, 3, 7]))
  assert.deepEqual([...userTimeSplit(ratings, 0.4).heldOut], [6, 7, 8, 9])
  assert.deepEqual([...globalTimeSplit(ratings, 0.3).heldOut], [7, 8, 9])
})

test('on random ratings no kept row of a user is later than one held out, and the counts are right', () => {
  const random = createRandom(3, 'times')
  const ratings = ratingsOf(
    Array.from({ length: 500 }, (_, row) => [random.below(40), row, 3, random.below(60)]),
  )
  for (const share of [0.1, 0.2, 0.5, 0.9]) {
    const { kept, heldOut } = userTimeSplit(ratings, share)
    const rowsOf = (rows: Uint32Array, user: number) =>
      [...rows].filter((row) => ratings.userIndex[row] === user)
    for (let user = 0; user < ratings.users.size; user++) {
      const [early, late] = [rowsOf(kept, user), rowsOf(heldOut, user)]
      assert.equal(late.length, Math.floor(share * (early.length + late.length)))
      assert.ok(early.length > 0 || late.length === 0)
      for (const a of early)
        for (const b of late) {
          const [at, then] = [ratings.timestamp[a]!, ratings.timestamp[b]!]
          assert.ok(at < then || (at === then && a < b))
        }
    }
    const cut = globalTimeSplit(ratings, share)
    const key = (row: number) => ratings.timestamp[row]! * 1_000 + row
    assert.equal(cut.heldOut.length, Math.floor(share * 500))
    assert.ok(Math.max(...[...cut.kept].map(key)) < Math.min(...[...cut.heldOut].map(key)))
  }
})
