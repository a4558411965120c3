import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRandom } from '../../src/numeric/random/random.ts'
import { topN } from '../../src/numeric/search/top-n.ts'

/** Sorts everything: slow, and plainly right. */
function oracle(scores: Float32Array, n: number, isCandidate: (index: number) => boolean) {
  return Array.from(scores.keys())
    .filter(isCandidate)
    .sort((a, b) => scores[b]! - scores[a]! || a - b)
    .slice(0, n)
}

test('it gives what sorting everything gives, with ties and with candidates left out', () => {
  const random = createRandom(7, 'top-n')
  for (let round = 0; round < 500; round++) {
    const size = random.below(60)
    // Few distinct values make many ties.
    const scores = Float32Array.from({ length: size }, () => random.below(round % 2 ? 5 : 1_000))
    const n = random.below(15)
    const modulus = 1 + random.below(4)
    const isCandidate = (index: number) => index % modulus === 0
    assert.deepEqual(topN(scores, n, isCandidate), oracle(scores, n, isCandidate))
  }
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
