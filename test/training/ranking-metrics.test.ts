import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRandom } from '../../src/numeric/random/random.ts'
import { measureList } from '../../src/training/evaluation/list-metrics.ts'

const near = (actual: number, expected: number) =>
  assert.ok(Math.abs(actual - expected) < 1e-12, `${actual} is near ${expected}`)

test('a hand-computed list: hits at ranks 1 and 3 of 4, three relevant', () => {
  const { ndcg, recall, precision, averagePrecision, hit } = measureList(
    [7, 1, 8, 2],
    new Set([7, 8, 9]),
    4,
  )
  near(ndcg, (1 + 1 / 2) / (1 + 1 / Math.log2(3) + 1 / 2))
  near(recall, 2 / 3)
  near(precision, 2 / 4)
  near(averagePrecision, (1 + 2 / 3) / 3)
  assert.equal(hit, 1)
})

test('the best possible list has NDCG and MAP 1, also when fewer are relevant than are shown', () => {
  const best = measureList([3, 4, 5, 6], new Set([3, 4]), 4)
  assert.deepEqual([best.ndcg, best.recall, best.averagePrecision], [1, 1, 1])
  assert.equal(best.precision, 0.5)
})

test('a list without a hit, or an empty one, is worth nothing', () => {
  for (const list of [[1, 2], []])
    assert.deepEqual(Object.values(measureList(list, new Set([5]), 10)), [0, 0, 0, 0, 0])
})

test('only the first n places count', () => {
  assert.equal(measureList([1, 2, 3], new Set([3]), 2).hit, 0)
})

test('random lists agree with the definitions written out', () => {
  const random = createRandom(5, 'metrics')
  for (let round = 0; round < 500; round++) {
    const list = Array.from({ length: 12 }, (_, i) => i).sort(() => random.uniform() - 0.5)
    const relevant = new Set(list.filter(() => random.uniform() < 0.3))
    if (relevant.size === 0) continue
    const n = 1 + random.below(12)
    const gains: number[] = list.slice(0, n).map((movie) => (relevant.has(movie) ? 1 : 0))
    const discounted = (values: number[]) =>
      values.reduce((sum, gain, i) => sum + gain / Math.log2(i + 2), 0)
    const hits = gains.reduce((sum, gain) => sum + gain, 0)
    const precisions = gains.map(
      (gain, i) => (gain * gains.slice(0, i + 1).reduce((sum, x) => sum + x, 0)) / (i + 1),
    )
    const measured = measureList(list, relevant, n)
    near(measured.ndcg, discounted(gains) / discounted(Array(Math.min(n, relevant.size)).fill(1)))
    near(measured.recall, hits / relevant.size)
    near(measured.precision, hits / n)
    near(
      measured.averagePrecision,
      precisions.reduce((sum, x) => sum + x, 0) / Math.min(n, relevant.size),
    )
    assert.equal(measured.hit, Math.min(1, hits))
  }
})
