import assert from 'node:assert/strict'
import { test } from 'node:test'
import { expectedOf, fitAttributePrior } from '../../src/model/new-movies/attribute-prior.ts'

/** 400 movies: 1 + 2 where the first label, − 1 where the second. */
const labelsOf = (movie: number) => ['a', 'b'].filter((_, i) => (movie >> i) % 2 === 1)
const gradeOf = (movie: number) => 1 + 2 * (movie % 2) - ((movie >> 1) % 2)

test('what is expected of a movie is the sum of what its labels say', () => {
  const prior = fitAttributePrior(labelsOf, [gradeOf, () => 3], new Float64Array(400).fill(1))
  const near = (labels: string[], expected: number) => {
    const [first, second] = expectedOf(prior, labels)
    assert.ok(Math.abs(first! - expected) < 0.1, `${labels}: ${first}`)
    assert.ok(Math.abs(second! - 3) < 0.01)
  }
  near([], 1)
  near(['a'], 3)
  near(['a', 'b'], 2)
  near(['b', 'never seen'], 0)
})

test('movies without weight say nothing, and without any the expectation is 0', () => {
  const weights = Float64Array.from({ length: 400 }, (_, movie) => (movie < 200 ? 1 : 0))
  const prior = fitAttributePrior(() => [], [(movie) => (movie < 200 ? 4 : 9)], weights)
  assert.ok(Math.abs(expectedOf(prior, [])[0]! - 4) < 1e-6)
  assert.deepEqual(
    [
      ...expectedOf(
        fitAttributePrior(() => [], [gradeOf], [0, 0]),
        [],
      ),
    ],
    [0],
  )
})
