import { MarqueeError } from '../../errors.ts'
import { createRandom, permutation } from '../../numeric/random/random.ts'

/** Rows by number, in two parts: each ascending, disjoint, together all. */
export type Split = { readonly kept: Uint32Array; readonly heldOut: Uint32Array }

/** Holds ⌊share · rows⌋ of the rows 0 … rows−1 out at random, the same for a seed and stream. */
export function randomSplit(rows: number, share: number, seed: number, stream: string): Split {
  const count = Math.floor(rows * share)
  if (count === 0)
    return { kept: new Uint32Array(rows).map((_, row) => row), heldOut: new Uint32Array(0) }
  const order = permutation(rows, createRandom(seed, stream))
  return parted(rows, order.subarray(0, count))
}

/** Rows apart from others, both ascending; marked, since sorting millions takes seconds. */
function parted(rows: number, heldOut: Uint32Array): Split {
  const isHeldOut = new Uint8Array(rows)
  for (const row of heldOut) isHeldOut[row] = 1
  const parts = {
    kept: new Uint32Array(rows - heldOut.length),
    heldOut: new Uint32Array(heldOut.length),
  }
  let [kept, held] = [0, 0]
  for (let row = 0; row < rows; row++)
    if (isHeldOut[row]) parts.heldOut[held++] = row
    else parts.kept[kept++] = row
  return parts
}

/**
 * Splits of the rows 0 … rows−1 that each row is held out exactly once, at random; the
 * parts differ by one row at most. An `invalid-request` error for under two folds or more folds
 * than rows.
 */
export function foldSplits(rows: number, folds: number, seed: number): Split[] {
  if (!Number.isInteger(folds) || folds < 2 || folds > rows)
    throw new MarqueeError(
      'invalid-request',
      `${folds} folds of ${rows} ratings: expected a whole number from 2 to the number of ratings.`,
    )
  const order = permutation(rows, createRandom(seed, 'folds'))
  return Array.from({ length: folds }, (_, fold) => {
    const from = Math.floor((fold * rows) / folds)
    const to = Math.floor(((fold + 1) * rows) / folds)
    return parted(rows, order.subarray(from, to))
  })
}
