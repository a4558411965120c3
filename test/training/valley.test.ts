import assert from 'node:assert/strict'
import { test } from 'node:test'
import { valley } from '../../src/training/learning-rate/valley.ts'

/** The losses at 0, 1, 2 … where the curve turns at the given indices and is straight between. */
function curve(...corners: [index: number, loss: number][]): number[] {
  return corners.slice(1).flatMap(([to, end], i) => {
    const [from, start] = corners[i]!
    return Array.from({ length: to - from }, (_, n) => start + ((end - start) * n) / (to - from))
  })
}

test('the suggestion is halfway along the only fall', () => {
  const losses = curve([0, 1], [20, 1.00001], [50, 0.4], [60, 9])
  // The run has the 31 losses of 19 … 50, of which flat ones rise and do not count: 20 … 50.
  assert.equal(valley(losses), 50 - 31 + 10 + 5)
})

test('of two falls the longer one counts, however shallow', () => {
  const losses = curve([0, 10], [10, 5], [12, 30], [52, 20], [60, 40])
  const index = valley(losses)
  assert.ok(index > 25 && index < 40, `${index}`)
})

test('a bump does not cut a fall in two', () => {
  const smooth = curve([0, 9], [60, 3], [70, 30])
  const bumpy = smooth.with(30, 8)
  assert.ok(Math.abs(valley(smooth) - valley(bumpy)) <= 1)
})

test('it agrees with a search of every falling run', () => {
  const losses = [5, 7, 4, 6, 5, 3, 9, 2, 2, 1]
  const runs: number[][] = [[]]
  losses.forEach((loss, i) => {
    for (const run of [...runs])
      if (run.length === 0 || losses[run.at(-1)!]! > loss) runs.push([...run, i])
  })
  const length = Math.max(...runs.map((run) => run.length))
  const end = Math.min(...runs.filter((run) => run.length === length).map((run) => run.at(-1)!))
  assert.deepEqual([length, end], [6, 9])
  assert.equal(valley(losses), 9 - 6 + 2 + 1)
})

test('a curve that never falls, or has one loss, is answered from its start', () => {
  assert.equal(valley([1, 2, 3, 4]), 0)
  assert.equal(valley([1]), 0)
})
