import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises'

/** A model may take a thousand slices, and each is what a request may have to wait. */
const backgroundSliceMs = 0.5
const restMs = 1

/** Runs a computation made of steps, and after every `sliceMs` of it lets others have their turn. */
export async function inSlices<Result>(
  steps: Generator<void, Result>,
  sliceMs = 5,
  rest: () => Promise<void> = nextTurn,
): Promise<Result> {
  let start = performance.now()
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
    if (performance.now() - start < sliceMs) continue
    await rest()
    start = performance.now()
  }
}

/**
 * The same for what nobody waits for: in short slices, each followed by a longer rest, so that
 * requests keep most of the time.
 */
export function inBackground<Result>(steps: Generator<void, Result>): Promise<Result> {
  return inSlices(steps, backgroundSliceMs, rest)
}

async function rest(): Promise<void> {
  // Timers count from the beginning of a turn: after a long slice one is due before any request.
  await nextTurn()
  await pause(restMs)
}
