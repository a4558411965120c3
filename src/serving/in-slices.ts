import { setImmediate as nextTurn } from 'node:timers/promises'

/** Runs a computation made of steps, and after every `sliceMs` of it lets others have their turn. */
export async function inSlices<Result>(
  steps: Generator<void, Result>,
  sliceMs = 5,
): Promise<Result> {
  let start = performance.now()
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
    if (performance.now() - start < sliceMs) continue
    await nextTurn()
    start = performance.now()
  }
}
