/** The indices 0 … size−1 in the order that `compare` gives, equal ones ascending. */
export function sortedIndices(
  size: number,
  compare: (a: number, b: number) => number,
): Uint32Array {
  const indices = new Uint32Array(size)
  for (let i = 0; i < size; i++) indices[i] = i
  return indices.sort((a, b) => compare(a, b) || a - b)
}
