import type { ArenaPlan } from '../../../numeric/kernels/arena.ts'
import type { Call } from '../../../numeric/kernels/threads.ts'
import { createRandom } from '../../../numeric/random.ts'

/** Rows of a factor table for the sketch, padded to what its kernel takes at once. */
export const padded = (rows: number) => Math.ceil(rows / 4) * 4

/** The rows of one side in the sketch and how many columns its random test matrix has. */
export type SketchSide = {
  /** The address of its factors, [rows, size]. */
  readonly factors: number
  readonly rows: number
  /** f32 [rows, columns]: random numbers, and the sums of the other side's products with them. */
  readonly test: number
  readonly sums: number
}

/**
 * How many random columns a sketch of rank r takes: the range has a few more than r, and the other
 * side twice as many (Tropp, Yurtsever, Udell and Cevher 2017).
 */
export function sketchColumns(rank: number): { range: number; corange: number } {
  const range = Math.ceil((rank + 16) / 8) * 8
  return { range, corange: 2 * range }
}

/** Takes the room of what a sketch keeps of one side. `sums` belongs to the state, `test` does not. */
export function planTest(plan: ArenaPlan, rows: number, columns: number): number {
  return plan.take(padded(rows) * columns * 4)
}

/** Fills a test matrix [rows, columns] with normal numbers from a seed. */
export function drawTest(test: Float32Array, seed: number, name: string): void {
  const random = createRandom(seed, `sketch-${name}`)
  for (let i = 0; i < test.length; i++) test[i] = random.normal()
}

/** The calls that take left-hand factors [rows, size] times a test matrix into `out` [size, columns]. */
export function crossCalls(
  factors: number,
  test: number,
  out: number,
  { rows, size, columns }: { rows: number; size: number; columns: number },
): Call[] {
  const calls: Call[] = []
  for (let i = 0; i < size; i += 4)
    for (let j = 0; j < columns; j += 8)
      calls.push([
        factors + i * 4,
        size * 4,
        test + j * 4,
        columns * 4,
        rows,
        out + (i * columns + j) * 4,
        columns * 4,
      ])
  return calls
}

/** The calls that add factors times `right` to the sums. */
export function productCalls(
  factors: number,
  right: number,
  sums: number,
  {
    rows,
    size,
    factorCount,
    columns,
  }: { rows: number; size: number; factorCount: number; columns: number },
): Call[] {
  const calls: Call[] = []
  const step = 256
  for (let from = 0; from < padded(rows); from += step)
    calls.push([
      factors,
      size * 4,
      factorCount,
      right,
      sums,
      columns * 4,
      from,
      Math.min(padded(rows), from + step),
    ])
  return calls
}
