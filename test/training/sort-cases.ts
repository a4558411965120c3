import { createRandom, permutation } from '../../src/numeric/random/random.ts'

export type SortCase = {
  readonly userIndex: Uint32Array<ArrayBuffer>
  readonly movieIndex: Uint32Array<ArrayBuffer>
  readonly order: Uint32Array<ArrayBuffer>
  readonly batchSize: number
}

/** Batches of one, of no power of two, the last of them shorter or not, and all in one. */
export function sortCases(): SortCase[] {
  const sizes = [
    ...[
      [1, 64],
      [2, 1],
      [5, 2],
      [64, 64],
      [100, 32],
      [1_000, 7],
      [1_000, 100],
      [1_000, 999],
    ],
    ...[
      [1_000, 1_000],
      [3_000, 4_096],
      [70_000, 512],
    ],
  ] as const
  return sizes.map(([rows, batchSize]) => {
    const random = createRandom(rows, `sort-${batchSize}`)
    const drawn = (below: number) => Uint32Array.from({ length: rows }, () => random.below(below))
    return {
      ...{ userIndex: drawn(50), movieIndex: drawn(4), batchSize },
      order: Uint32Array.from(permutation(rows, random)),
    }
  })
}
