/**
 * Where a rate should be taken, as an index into losses over growing rates (fast.ai's `valley`): of
 * the longest run of ever lower losses, which may skip losses between, with k of them and the last
 * one at e, the point halfway along:
 *
 *   e − k + ⌊k/3⌋ + ⌊k/6⌋
 *
 * fast.ai's documentation says two thirds; its code, and so this, takes a third and half a third.
 * Of equally long runs the first counts. There must be a loss.
 */
export function valley(losses: readonly number[]): number {
  const { length, end } = longestFall(losses)
  return Math.max(0, end - length) + Math.floor(length / 3) + Math.floor(length / 6)
}

/** The longest strictly falling subsequence: how many losses it has and which is its last. */
function longestFall(losses: readonly number[]): { length: number; end: number } {
  const lengths = losses.map(() => 1)
  let end = 0
  for (let i = 1; i < losses.length; i++) {
    for (let j = 0; j < i; j++)
      if (losses[i]! < losses[j]!) lengths[i] = Math.max(lengths[i]!, lengths[j]! + 1)
    if (lengths[i]! > lengths[end]!) end = i
  }
  return { length: lengths[end] ?? 0, end }
}
