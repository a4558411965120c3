import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inBackground, inSlices } from '../../src/serving/in-slices.ts'

/** So many steps, each longer than a slice; gives how many turns others had before each. */
function* longSteps(count: number, turns: () => number): Generator<void, number[]> {
  const seen: number[] = []
  for (let step = 0; step < count; step++) {
    seen.push(turns())
    const begin = performance.now()
    while (performance.now() - begin < 2);
    yield
  }
  return seen
}

/** Counts the turns of the event loop that others have until the work is done. */
async function turnsBefore(work: (turns: () => number) => Promise<number[]>): Promise<number[]> {
  let count = 0
  let isOver = false
  const turn = () => {
    count += 1
    if (!isOver) setImmediate(turn)
  }
  setImmediate(turn)
  const seen = await work(() => count)
  isOver = true
  return seen
}

const runs = {
  'what is asked for': (turns: () => number) => inSlices(longSteps(8, turns), 1),
  'what is done in the background': (turns: () => number) => inBackground(longSteps(8, turns)),
}
for (const [what, run] of Object.entries(runs))
  test(`others have a turn after each slice of ${what}`, async () => {
    const seen = await turnsBefore(run)
    for (const [i, turns] of seen.entries())
      assert.ok(i === 0 || turns > seen[i - 1]!, JSON.stringify(seen))
  })
