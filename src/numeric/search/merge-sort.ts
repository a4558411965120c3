const runLength = 512
const filledAtOnce = 16_384

/**
 * The indices 0 … size−1 in the order that `compare` gives, equal ones ascending (bottom-up merge
 * sort). In steps of some hundred comparisons, so that sorting a million blocks nobody.
 */
export function* sortedIndicesSteps(
  size: number,
  compare: (a: number, b: number) => number,
): Generator<void, Uint32Array> {
  let from = new Uint32Array(size)
  for (let i = 0; i < size; i++) {
    from[i] = i
    if (i % filledAtOnce === 0) yield
  }
  for (let start = 0; start < size; start += runLength, yield)
    from.subarray(start, start + runLength).sort(compare)
  let to = new Uint32Array(size)
  for (let run = runLength; run < size; run *= 2) {
    for (let start = 0; start < size; start += 2 * run) {
      const middle = Math.min(start + run, size)
      const end = Math.min(start + 2 * run, size)
      let left = start
      let right = middle
      for (let at = start; at < end; at++) {
        const takesLeft =
          left < middle && (right === end || compare(from[left]!, from[right]!) <= 0)
        to[at] = takesLeft ? from[left++]! : from[right++]!
        if (at % runLength === 0) yield
      }
    }
    const sorted = to
    to = from
    from = sorted
  }
  return from
}
