import { createRandom, permutation } from '../numeric/random.ts'

export type Split = { readonly kept: Uint32Array; readonly heldOut: Uint32Array }

/**
 * Holds ⌊share · rows⌋ of the rows 0 … rows−1 out at random; both parts are ascending, disjoint and
 * together all rows. The same seed and stream hold the same rows out.
 */
export function randomSplit(rows: number, share: number, seed: number, stream: string): Split {
  const order = permutation(rows, createRandom(seed, stream))
  const count = Math.floor(rows * share)
  return { kept: order.slice(count).sort(), heldOut: order.slice(0, count).sort() }
}
