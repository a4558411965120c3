import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRandom } from '../../src/numeric/random/random.ts'
import { measureRanking } from '../../src/training/evaluation/measure-ranking.ts'
import { createPulse } from '../../src/training/pulse.ts'
import { casesOf } from './list-cases.ts'

const near = (actual: number | null, expected: number, what = '') =>
  assert.ok(Math.abs(actual! - expected) < 1e-9, `${what} ${actual} is near ${expected}`)

test('a hand-computed case: two users, five movies, lists of two', async () => {
  // Scores fall with the index: user 0 is shown 1 and 2, the unknown user 0 and 1.
  const metrics = await measureRanking(
    casesOf([
      { user: 0, relevant: [2, 4], seen: [0] },
      { user: -1, relevant: [0, -9], seen: [] },
    ]),
    { by: 'scores', scoreAll: (_, out) => out.set([5, 4, 3, 2, 1]) },
    Float64Array.of(1, 1 / 2, 1 / 4, 1 / 4, 1 / 4),
    2,
    createPulse(),
  )
  const second = 1 / Math.log2(3)
  near(metrics.ndcg, (second / (1 + second) + 1 / (1 + second)) / 2)
  near(metrics.recall, 1 / 2)
  near(metrics.precision, 1 / 2)
  near(metrics.averagePrecision, (1 / 2 / 2 + 1 / 2) / 2)
  near(metrics.hit, 1)
  near(metrics.catalogueCoverage, 3 / 5)
  near(metrics.novelty, ((1 + 2) / 2 + (0 + 1) / 2) / 2)
})

test('nobody to measure gives null, not a division by zero', async () => {
  const ordering = { by: 'order', order: new Uint32Array(3) } as const
  const ofNobody = await measureRanking(
    casesOf([]),
    ordering,
    new Float64Array(3),
    10,
    createPulse(),
  )
  const { users, ndcgs, ...metrics } = ofNobody
  assert.deepEqual([users, ndcgs.length], [0, 0])
  assert.deepEqual([...new Set(Object.values(metrics))], [null])
})

test('on random scores with ties it agrees with sorting everything and counting', async () => {
  const random = createRandom(8, 'ranking')
  for (let round = 0; round < 60; round++) {
    const movies = 2 + random.below(30)
    const all = [...Array(movies).keys()]
    const some = (share: number) => all.filter(() => random.uniform() < share)
    const cases = Array.from({ length: 1 + random.below(6) }, (_, user) => {
      const seen = some(0.3)
      const liked = [...some(0.3).filter((movie) => !seen.includes(movie)), -1 - user]
      return { user, seen, relevant: liked }
    })
    const scores = cases.map(() => Float32Array.from(all, () => random.below(4)))
    const n = 1 + random.below(8)
    const metrics = await measureRanking(
      casesOf(cases),
      { by: 'scores', scoreAll: (user, out) => out.set(scores[user]!) },
      new Float64Array(movies).fill(0.5),
      n,
      createPulse(),
    )
    const expected = { ndcg: 0, recall: 0, precision: 0, averagePrecision: 0, hit: 0 }
    const shown = new Set<number>()
    cases.forEach(({ user, seen, relevant }) => {
      const list = all
        .filter((movie) => !seen.includes(movie))
        .sort((a, b) => scores[user]![b]! - scores[user]![a]! || a - b)
        .slice(0, n)
      const isHit = list.map((movie) => relevant.includes(movie))
      const hits = isHit.filter(Boolean).length
      const possible = Math.min(n, relevant.length)
      let [gain, ideal, precisions] = [0, 0, 0]
      isHit.forEach((hit, i) => {
        if (!hit) return
        gain += 1 / Math.log2(i + 2)
        precisions += isHit.slice(0, i + 1).filter(Boolean).length / (i + 1)
      })
      for (let i = 0; i < possible; i++) ideal += 1 / Math.log2(i + 2)
      for (const movie of list) shown.add(movie)
      expected.ndcg += gain / ideal / cases.length
      expected.recall += hits / relevant.length / cases.length
      expected.precision += hits / n / cases.length
      expected.averagePrecision += precisions / possible / cases.length
      expected.hit += Math.min(1, hits) / cases.length
    })
    for (const [name, value] of Object.entries(expected))
      near(metrics[name as keyof typeof expected], value, name)
    near(metrics.catalogueCoverage, shown.size / movies)
  }
})
