import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRandom } from '../../src/numeric/random/random.ts'
import { hexBins } from '../../src/training/report/hex-bins.ts'

const stars = [0.5, 5] as const

test('each pair is counted at the nearest of all centres, and all are counted', () => {
  const random = createRandom(1, 'hex-bins')
  const [actual, predicted]: [number[], number[]] = [[], []]
  const expected = new Map<string, number>()
  for (let i = 0; i < 2_000; i++) {
    const [x, y] = [0.5 + 4.5 * random.uniform(), 0.5 + 4.5 * random.uniform()]
    actual.push(x)
    predicted.push(y)
    const key = nearest(x, y)
    expected.set(key, (expected.get(key) ?? 0) + 1)
  }
  const { bins, rows } = hexBins(actual, predicted, stars)
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
  const steps = Array.from({ length: 10 }, (_, i) => 0.5 + 0.5 * i)
  const guesses = Array.from({ length: 150 }, (_, i) => 0.5 + 0.03 * i)
  const pairs = steps.flatMap((step) => guesses.map((guess) => [step, guess] as const))
  const [actual, predicted] = [pairs.map(([step]) => step), pairs.map(([, guess]) => guess)]
  const columns = new Set(hexBins(actual, predicted, stars).bins.map(({ actual }) => actual))
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
    const { columnSpacing, rowSpacing, rows, bins } = hexBins([], [], scale)
    assert.ok(Math.abs(columnSpacing - spacing) < 1e-12, `${columnSpacing}`)
    assert.deepEqual([rowSpacing, rows, bins], [columnSpacing / 2, 0, []])
  })
