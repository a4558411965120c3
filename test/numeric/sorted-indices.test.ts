import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRandom } from '../../src/numeric/random/random.ts'
import { sortedIndices } from '../../src/numeric/search/sorted-indices.ts'

test('it sorts as Array.sort does, equal ones by index', () => {
  const random = createRandom(4, 'sorted-indices')
  for (const size of [0, 1, 2, 511, 512, 513, 1_024, 5_000]) {
    const keys = Array.from({ length: size }, () => random.below(700))
    const compare = (a: number, b: number) => keys[a]! - keys[b]!
    const sorted = sortedIndices(size, compare)
    assert.deepEqual(
      [...sorted],
      keys.map((_, i) => i).sort((a, b) => compare(a, b) || a - b),
    )
  }
})
