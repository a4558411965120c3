/** Where the first of the rising numbers from … to−1 stands that is at least `value`; `to` for none. */
export function firstAtLeast(rising: Uint32Array, from: number, to: number, value: number): number {
  let low = from
  let high = to
  while (low < high) {
    const middle = (low + high) >>> 1
    if (rising[middle]! < value) low = middle + 1
    else high = middle
  }
  return low
}
