/**
 * A long computation in steps is a generator that yields after each, well under a millisecond long
 * for usual sizes, so that whoever runs it decides when others get their turn. This runs it at once.
 */
export function finish<Result>(steps: Generator<void, Result>): Result {
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
  }
}
