import assert from 'node:assert/strict'
import { test } from 'node:test'
import { countsOf, groupBy, indicesWhere } from '../../src/numeric/counting.ts'
import { createRandom, permutation } from '../../src/numeric/random/random.ts'

const rows = 500
const keys = 37
const random = createRandom(1, 'counting')
/** No row has the last key. */
const key = Uint32Array.from({ length: rows }, () => random.below(keys - 1))

test('rows are grouped as a stable sort by their key groups them', () => {
  const all = Array.from(key, (_, row) => row)
  const { start, order } = groupBy(key, keys)
  assert.deepEqual(
    [...order],
    all.toSorted((a, b) => key[a]! - key[b]!),
  )
  for (let k = 0; k < keys; k++)
    assert.deepEqual(
      [...order.subarray(start[k], start[k + 1])],
      all.filter((row) => key[row] === k),
    )
  const before = permutation(rows, random)
  assert.deepEqual(
    [...groupBy(key, keys, before).order],
    [...before].sort((a, b) => key[a]! - key[b]!),
  )
})

test('counts are how many rows each key has', () => {
  const expected = Array.from({ length: keys }, (_, k) => key.filter((of) => of === k).length)
  assert.deepEqual([...countsOf(key, keys)], expected)
})

test('indices are those that are wanted, in order', () => {
  const isEven = (index: number) => index % 2 === 0
  assert.deepEqual([...indicesWhere(5, isEven)], [0, 2, 4])
  assert.deepEqual([...indicesWhere(0, isEven)], [])
})
