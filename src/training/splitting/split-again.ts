import { randomSplit, type Split } from './random-split.ts'

/** What a training used a pair of user and movie for: −1, it has not seen it. */
export const pairUse = { unseen: -1, heldOut: 0, setApart: 1, fitted: 2 } as const

/**
 * Holds out the rows that an earlier training held out, keeps those that it has seen, and divides the
 * rows that are new to it at random. So what was learnt from the rows kept then says nothing of a row
 * that is held out now. `uses` [rows] is what the earlier training used each row for: as long as it is
 * under `seenFrom` but not unseen, the row stays out.
 */
export function splitAgain(
  uses: Int8Array,
  seenFrom: number,
  share: number,
  seed: number,
  stream: string,
): Split {
  const isOut = uses.map((use) => Number(use !== pairUse.unseen && use < seenFrom))
  const rows = Uint32Array.from(uses.keys())
  const fresh = rows.filter((row) => uses[row] === pairUse.unseen)
  for (const at of randomSplit(fresh.length, share, seed, stream).heldOut) isOut[fresh[at]!] = 1
  return {
    kept: rows.filter((row) => isOut[row] === 0),
    heldOut: rows.filter((row) => isOut[row] === 1),
  }
}
