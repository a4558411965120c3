import type { Arena } from '../../../../numeric/kernels/arena.ts'
import { writeStruct } from '../../../../numeric/kernels/struct.ts'
import { gibbsSide } from '../../../../numeric/kernels/structs.ts'
import type { Call } from '../../../../numeric/kernels/threads.ts'
import { type Inputs, pieces, type Sizes, type State } from './layout.ts'
import type { RowPrior } from './normal-wishart.ts'
import type { SideName } from './sides.ts'

/** Cost of a row besides its ratings, in ratings. */
const ratingsPerRow = 24

/** Cuts 0 … rows − 1 into pieces of about as much work each; `[from, to]` of each. */
export function cutRows(start: Uint32Array): [number, number][] {
  const rows = start.length - 1
  const work = (row: number) => start[row]! + row * ratingsPerRow
  const cuts: [number, number][] = []
  let from = 0
  for (let row = 1; row <= rows; row++) {
    if (row < rows && work(row) < (work(rows) * (cuts.length + 1)) / pieces) continue
    cuts.push([from, row])
    from = row
  }
  return cuts
}

/** The calls of a kernel that goes through the rows of a side, with a scratch each. */
export function callsOf(
  block: number,
  cuts: readonly [number, number][],
  scratch: readonly number[],
): Call<'drawRows'>[] {
  return cuts.map(([from, to], piece) => [block, from, to, scratch[piece]!])
}

/** Writes what the kernels are to know of a side in a half sweep; `key` seeds its draws. */
export function writeSide(
  arena: Arena,
  side: SideName,
  { sides, means, weightOfUser }: Inputs,
  { rows }: Pick<State, 'rows'>,
  { size, factors, places }: Sizes,
  { mean, precision, noise, key }: RowPrior & { noise: number; key: bigint },
): void {
  const at = sides[side]
  writeStruct(arena.view, at.block, gibbsSide, {
    ...at,
    // A user's ratings weigh the same: their sums are weighed as one.
    ...(side === 'user'
      ? { weight: 0, weightOf: 0, rowWeight: weightOfUser }
      : { weight: weightOfUser, weightOf: at.index, rowWeight: 0 }),
    table: rows[side === 'user' ? 'movie' : 'user'],
    rows: rows[side],
    means: means[side],
    offsetAt: factors,
    ...{ size, noise, key },
  })
  const full = arena.f32(at.precision, size * size).fill(0)
  for (let i = 0; i < size; i++)
    if (i < places) full.set(precision.subarray(i * places, (i + 1) * places), i * size)
    else full[i * size + i] = 1
  arena.f32(at.mean, size).fill(0).set(mean)
}
