import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  burnInNumbers,
  createBurnIn,
  isSettled,
} from '../../src/training/engines/simd/bayes/burn-in.ts'

const spec = { burnIn: 20, sweeps: 5, chains: 1 }

/** Runs a chain whose training error in sweep i is `errorOf(i)`; which sweeps are averaged. */
function run(errorOf: (sweep: number) => number, changes: Partial<typeof spec> = {}) {
  const asked = { ...spec, ...changes }
  const table = new Float64Array(burnInNumbers(asked))
  const averaged: number[] = []
  const starts: number[] = []
  let sweep = 0
  // A new one each time, as after a resume: all is in the table.
  for (; sweep < createBurnIn(asked, table).planned(); sweep++) {
    const burnIn = createBurnIn(asked, table)
    const { isFirst, isAveraged } = burnIn.next()
    if (isFirst) starts.push(sweep)
    if (isAveraged) averaged.push(sweep)
    burnIn.learn(errorOf(sweep - starts.at(-1)!))
  }
  return { averaged, starts, sweeps: sweep, ...createBurnIn(asked, table).summary() }
}

test('an error that stands still has settled, one that falls has not', () => {
  const noisy = (i: number) => 1 + 0.01 * (i % 2)
  assert.equal(isSettled(Array.from({ length: 40 }, (_, i) => noisy(i))), true)
  assert.equal(isSettled(Array.from({ length: 40 }, (_, i) => noisy(i) - 0.008 * i)), false)
})

test('a chain that has settled burns in for the sweeps asked for', () => {
  const { averaged, burnIn, settled } = run(() => 1)
  assert.deepEqual([averaged, burnIn, settled], [[20, 21, 22, 23, 24], 20, true])
})

test('a chain that is still falling burns in until it has settled, and then gets all its sweeps', () => {
  const { averaged, burnIn, settled, sweeps } = run((i) => 1 + Math.exp(-i / 12))
  assert.ok(burnIn > 20 && burnIn < 80, `${burnIn} sweeps`)
  assert.equal(settled, true)
  assert.deepEqual([averaged[0], averaged.length, sweeps], [burnIn, 5, burnIn + 5])
})

test('a chain that never settles ends its burn-in after four times the sweeps, and says so', () => {
  const { burnIn, settled, averaged } = run((i) => 0.98 ** i)
  assert.deepEqual([burnIn, settled, averaged.length], [80, false, 5])
})

test('each chain has a burn-in of its own, and one that has none is not judged', () => {
  const { starts, burnIn } = run(() => 1, { chains: 2 })
  assert.deepEqual([starts, burnIn], [[0, 25], 20])
  const none = run(() => 1, { burnIn: 0 })
  assert.deepEqual([none.averaged, none.settled], [[0, 1, 2, 3, 4], null])
})
