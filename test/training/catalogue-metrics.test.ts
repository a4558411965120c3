import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRandom } from '../../src/numeric/random/random.ts'
import { catalogueCoverage, novelty } from '../../src/training/evaluation/catalogue-metrics.ts'

const near = (actual: number | null, expected: number) =>
  assert.ok(Math.abs(actual! - expected) < 1e-12, `${actual} is near ${expected}`)

test('a hand-computed case: five of eight movies shown; shares of 1/2, 1/4 and 1/8', () => {
  const lists = [
    [0, 1, 2],
    [0, 3],
    [4, 0],
  ]
  near(catalogueCoverage(lists, 8), 5 / 8)
  const share = [1 / 2, 1 / 4, 1 / 8, 1 / 2, 1, 1, 1, 1]
  near(novelty(lists, share), ((1 + 2 + 3) / 3 + (1 + 1) / 2 + (0 + 1) / 2) / 3)
})

test('what everybody has rated is not novel at all, and lists of it cover one movie', () => {
  near(novelty([[0], [0]], [1, 0.1]), 0)
  near(catalogueCoverage([[0], [0]], 2), 1 / 2)
})

test('an empty list says nothing of novelty, and nothing but empty lists is null', () => {
  near(novelty([[], [1]], [1, 1 / 16]), 4)
  assert.equal(novelty([[], []], [1]), null)
  assert.equal(novelty([], [1]), null)
  assert.equal(catalogueCoverage([[]], 3), 0)
})

test('random lists agree with the definitions written out', () => {
  const random = createRandom(11, 'catalogue')
  for (let round = 0; round < 100; round++) {
    const movies = 1 + random.below(30)
    const share = Array.from({ length: movies }, () => (1 + random.below(9)) / 10)
    const lists = Array.from({ length: 1 + random.below(5) }, () =>
      share.map((_, movie) => movie).filter(() => random.uniform() < 0.5),
    )
    const isShown = share.map((_, movie) => lists.some((list) => list.includes(movie)))
    near(catalogueCoverage(lists, movies), isShown.filter(Boolean).length / movies)
    const means: number[] = []
    for (const list of lists) {
      let bits = 0
      for (const movie of list) bits += Math.log2(1 / share[movie]!)
      if (list.length > 0) means.push(bits / list.length)
    }
    if (means.length > 0) near(novelty(lists, share), means.reduce((a, b) => a + b) / means.length)
  }
})
