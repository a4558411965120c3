import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRandom } from '../../src/numeric/random/random.ts'
import { sortedIndicesSteps } from '../../src/numeric/search/merge-sort.ts'
import { finish } from '../../src/numeric/steps.ts'

test('it sorts as Array.sort does, equal ones by index', () => {
  const random = createRandom(4, 'merge-sort')
  for (const size of [0, 1, 2, 511, 512, 513, 1_024, 5_000]) {
    const keys = Array.from({ length: size }, () => random.below(700))
    const compare = (a: number, b: number) => keys[a]! - keys[b]!
    const sorted = finish(sortedIndicesSteps(size, compare))
    assert.deepEqual(
      [...sorted],
      keys.map((_, i) => i).sort((a, b) => compare(a, b) || a - b),
    )
  }
})

test('no step compares more than a few thousand times', () => {
  const random = createRandom(4, 'merge-sort')
  const keys = Float64Array.from({ length: 50_000 }, () => random.uniform())
  let compared = 0
  const steps = sortedIndicesSteps(keys.length, (a, b) => {
    compared += 1
    return keys[a]! - keys[b]!
  })
  while (!steps.next().done) {
    assert.ok(compared < 6_000, `${compared} comparisons in one step`)
    compared = 0
  }
})
