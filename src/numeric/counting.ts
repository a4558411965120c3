/** Histogram of an index [size]: how often each of 0 … size − 1 is in it. */
export function countsOf(index: Uint32Array, size: number): Uint32Array {
  const counts = new Uint32Array(size)
  for (let i = 0; i < index.length; i++) counts[index[i]!]! += 1
  return counts
}
