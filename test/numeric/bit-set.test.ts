import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRandom } from '../../src/numeric/random/random.ts'
import {
  addTo,
  countOf,
  createBitSet,
  forEachIn,
  fullBitSet,
  intersect,
  isIn,
  removeFrom,
} from '../../src/numeric/search/bit-set.ts'

test('a set of bits has the members that a Set has', () => {
  const random = createRandom(3, 'bit-set')
  for (const size of [1, 31, 32, 33, 200]) {
    const sets = [0, 1].map(() => ({ bits: createBitSet(size), plain: new Set<number>() })) as [
      { bits: Uint32Array; plain: Set<number> },
      { bits: Uint32Array; plain: Set<number> },
    ]
    for (const { bits, plain } of sets)
      for (let i = 0; i < 3 * size; i++) {
        const member = random.below(size)
        if (random.below(3) > 0) {
          addTo(bits, member)
          plain.add(member)
        } else {
          removeFrom(bits, member)
          plain.delete(member)
        }
        assert.equal(isIn(bits, member), plain.has(member))
      }
    const [a, b] = sets
    intersect(a.bits, b.bits)
    const expected = [...a.plain].filter((member) => b.plain.has(member)).sort((x, y) => x - y)
    const members: number[] = []
    forEachIn(a.bits, (member) => void members.push(member))
    assert.deepEqual(members, expected)
    assert.equal(countOf(a.bits), expected.length)
  }
})

test('a full set has every integer below its size and no other', () => {
  for (const size of [0, 1, 32, 33, 64, 95]) {
    const members: number[] = []
    forEachIn(fullBitSet(size), (member) => void members.push(member))
    assert.deepEqual(members, [...Array(size).keys()])
    assert.equal(countOf(fullBitSet(size)), size)
  }
})
