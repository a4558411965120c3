import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRandom } from '../../src/numeric/random/random.ts'
import { createHexCounter } from '../../src/training/report/hex-bins.ts'

const stars = [0.5, 5] as const

test('each pair is counted at the nearest of all centres, and all are counted', () => {
  const random = createRandom(1, 'hex-bins')
  const counter = createHexCounter(stars)
  const expected = new Map<string, number>()
  for (let i = 0; i < 2_000; i++) {
    const [x, y] = [0.5 + 4.5 * random.uniform(), 0.5 + 4.5 * random.uniform()]
    counter.add(x, y)
    const key = nearest(x, y)
    expected.set(key, (expected.get(key) ?? 0) + 1)
  }
  const { bins, rows } = counter.bins()
  assert.equal(rows, 2_000)
  assert.deepEqual(
    new Map(bins.map(({ actual, predicted, count }) => [`${actual} ${predicted}`, count])),
    new Map([...expected].sort(([a], [b]) => compare(a, b))),
  )
})

const compare = (a: string, b: string) => {
  const [[ax = 0, ay = 0], [bx = 0, by = 0]] = [a.split(' ').map(Number), b.split(' ').map(Number)]
  return ax - bx || ay - by
}

/** By trying every centre around the scale. */
function nearest(x: number, y: number): string {
  let best = { key: '', distance: Number.POSITIVE_INFINITY }
  for (let column = -2; column <= 12; column++)
    for (let row = -2; row <= 22; row++) {
      const centre = [0.5 + column / 2, 0.5 + (row + (column % 2 === 0 ? 0 : 0.5)) / 4] as const
      const distance = 0.75 * ((x - centre[0]) / 0.5) ** 2 + ((y - centre[1]) / 0.25) ** 2
      if (distance < best.distance) best = { key: centre.join(' '), distance }
    }
  return best.key
}

test('every rating has a column of its own, whatever is predicted', () => {
  const counter = createHexCounter(stars)
  for (let actual = 0.5; actual <= 5; actual += 0.5)
    for (let predicted = 0.5; predicted <= 5; predicted += 0.03) counter.add(actual, predicted)
  const columns = new Set(counter.bins().bins.map(({ actual }) => actual))
  assert.deepEqual([...columns], [0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5])
})

for (const [scale, spacing] of [
  [[0.5, 5], 0.5],
  [[1, 5], 0.5],
  [[1, 10], 1],
  [[0, 1], 0.1],
  [[0, 100], 10],
  [[0, 20], 2.5],
  [[3, 3], 1],
] as const)
  test(`a scale of ${scale.join(' to ')} has columns ${spacing} apart`, () => {
    const { columnSpacing, rowSpacing, rows, bins } = createHexCounter(scale).bins()
    assert.ok(Math.abs(columnSpacing - spacing) < 1e-12, `${columnSpacing}`)
    assert.deepEqual([rowSpacing, rows, bins], [columnSpacing / 2, 0, []])
  })
