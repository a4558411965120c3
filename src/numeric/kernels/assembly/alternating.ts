import {
  addNormalEquations,
  addTile,
  factorise,
  LeastSquares,
  solveTransposed,
  solveUpper,
} from './least-squares'

/** Rows of a table that stay in the processor's first cache while their products are taken. */
const blockRows: u32 = 64

/** A ← A + Σ x_i·x_iᵀ over the rows `from` … `to` of a table, its upper triangle. */
export function addGram(table: usize, from: u32, to: u32, size: u32, a: usize): void {
  const rowBytes: usize = (<usize>size) << 2
  for (let at = from; at < to; at += blockRows) {
    const block = table + <usize>at * rowBytes
    const rows = min(to - at, blockRows)
    for (let i: usize = 0; i < rowBytes; i += 16)
      for (let j = i & ~31; j < rowBytes; j += 32)
        addTile(
          block + i,
          rowBytes,
          block + j,
          rowBytes,
          rows,
          a + (i >> 2) * rowBytes + j,
          rowBytes,
        )
  }
}

/**
 * One side of alternating least squares: its rows are solved, those of the other, `table`, stand.
 */
@unmanaged
export class AlternatingSide extends LeastSquares {
  /** f32 [rows]: d, what regularises each row. */
  diagonal: usize
  /** f32 [rows, size]: x. */
  solved: usize
  /** f32 [size, size]: G. */
  gram: usize
}

/**
 * Solves the rows `from` … `to` of a side:
 *
 *   x_i ← (G + Σ_j w_j·y_j·y_jᵀ + d_i·I)⁻¹ Σ_j w_j·t_j·y_j   over the ratings start_i … start_{i+1}
 *
 * A row without ratings becomes zero. `scratch` is [size, size] and a panel. Gives the number of
 * rows that could not be solved.
 */
export function solveRows(side: AlternatingSide, from: u32, to: u32, scratch: usize): u32 {
  const size = side.size
  const rowBytes: usize = (<usize>size) << 2
  const a = scratch
  const panel = scratch + <usize>size * rowBytes
  let failures: u32 = 0
  for (let i = from; i < to; i++) {
    const at = (<usize>i) << 2
    const first = load<u32>(side.start + at)
    const end = load<u32>(side.start + at, 4)
    const x = side.solved + <usize>i * rowBytes
    memory.fill(x, 0, rowBytes)
    if (first === end) continue
    memory.copy(a, side.gram, <usize>size * rowBytes)
    addNormalEquations(side, first, end, panel, a, x)
    const d = load<f32>(side.diagonal + at)
    for (let j: usize = 0; j < <usize>size; j++) {
      const place = a + j * (rowBytes + 4)
      store<f32>(place, load<f32>(place) + d)
    }
    if (factorise(a, size) === 0) {
      failures++
      continue
    }
    solveTransposed(a, x, size)
    solveUpper(a, x, size)
  }
  return failures
}
