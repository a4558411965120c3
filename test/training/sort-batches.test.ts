import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createEpochOrders } from '../../src/training/engines/epoch-orders.ts'
import { createPulse } from '../../src/training/pulse.ts'
import { onSwiftShader, runProgram } from '../support/swiftshader.ts'
import { type SortCase, sortCases } from './sort-cases.ts'

/** [2][rows]: every batch of the order, by user and by movie, and by the row where these are equal. */
function plainLists({ userIndex, movieIndex, order, batchSize }: SortCase): number[] {
  return [userIndex, movieIndex].flatMap((index) => {
    const list: number[] = []
    for (let from = 0; from < order.length; from += batchSize) {
      const batch = [...order.subarray(from, from + batchSize)]
      list.push(...batch.sort((a, b) => index[a]! - index[b]! || a - b))
    }
    return list
  })
}

test('the device sorts the batches of an epoch by users and by movies, whatever their size', async (t) => {
  const program = new URL('run-sort.ts', import.meta.url)
  const printed: number[][] | { missing: string } = await runProgram(program, [], onSwiftShader)
  if ('missing' in printed) return t.skip(`there is no WebGPU adapter here: ${printed.missing}`)
  for (const [i, one] of sortCases().entries())
    assert.deepEqual(printed[i], plainLists(one), `${one.order.length} by ${one.batchSize}`)
})

test('the order that a thread draws ahead is the one that is drawn when it is asked for', async () => {
  const rows = (1 << 20) + 7
  const pulse = createPulse()
  const ahead = createEpochOrders({ seed: 3, epochs: 3 }, rows)
  for (const epoch of [0, 1, 2]) {
    const asked = createEpochOrders({ seed: 3, epochs: 3 }, rows)
    const [drawn, plain] = [await ahead.of(epoch, pulse), await asked.of(epoch, pulse)]
    assert.ok(Buffer.from(drawn.buffer).equals(Buffer.from(plain.buffer)), `epoch ${epoch}`)
    assert.ok(!(drawn.buffer instanceof SharedArrayBuffer))
    asked.dispose()
  }
  ahead.dispose()
})
