import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createBest } from '../../src/numeric/search/best.ts'
import { topN } from '../../src/numeric/search/top-n.ts'

/** Scores without NaN; the first kind has many ties, infinite ones and zeros of both signs. */
const anyScores = fc
  .oneof(
    fc.array(fc.constantFrom(-Infinity, -1, -0, 0, 1, 2, Infinity), { maxLength: 80, size: 'max' }),
    fc.array(fc.float({ noNaN: true }), { maxLength: 80, size: 'max' }),
  )
  .map((scores) => Float32Array.from(scores))
const anyN = fc.integer({ min: 0, max: 90 })

/** Sorts everything: slow, and plainly right. */
function sorted(scores: Float32Array, n: number, isCandidate: (index: number) => boolean) {
  const isBefore = (a: number, b: number) =>
    scores[a]! > scores[b]! || (scores[a] === scores[b] && a < b)
  return Array.from(scores.keys())
    .filter((index) => isCandidate(index))
    .sort((a, b) => (isBefore(a, b) ? -1 : 1))
    .slice(0, n)
}

test('the top n of any scores is what sorting them gives, with candidates left out', () => {
  fc.assert(
    fc.property(anyScores, anyN, fc.func(fc.boolean()), (scores, n, isCandidate) => {
      assert.deepEqual(topN(scores, n, isCandidate), sorted(scores, n, isCandidate))
      assert.deepEqual(
        topN(scores, n),
        sorted(scores, n, () => true),
      )
    }),
    { numRuns: 500 },
  )
})

test('the best of what is offered in any order is what sorting gives, and so is the least', () => {
  const anyOffers = anyScores.chain((scores) =>
    fc.record({
      scores: fc.constant(scores),
      order: fc.shuffledSubarray([...scores.keys()]),
      n: fc.integer({ min: 1, max: 90 }),
    }),
  )
  fc.assert(
    fc.property(anyOffers, ({ scores, order, n }) => {
      const best = createBest(n)
      for (const index of order) best.offer(index, scores[index]!)
      const expected = sorted(scores, n, (index) => order.includes(index))
      assert.deepEqual(best.ranked(), expected)
      const isFull = expected.length === n
      assert.ok(best.least === (isFull ? scores[expected.at(-1)!]! : -Infinity))
    }),
    { numRuns: 500 },
  )
})

test('equal scores come in the order of their indices', () => {
  assert.deepEqual(topN(Float32Array.of(1, 2, 2, 1, 2), 4), [1, 2, 4, 0])
})

test('fewer candidates than asked for give a shorter list, none an empty one', () => {
  assert.deepEqual(topN(Float32Array.of(3, 4), 10), [1, 0])
  assert.deepEqual(
    topN(Float32Array.of(3, 4), 10, () => false),
    [],
  )
  assert.deepEqual(topN(new Float32Array(), 3), [])
})
