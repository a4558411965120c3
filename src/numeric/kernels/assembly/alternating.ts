import {
  addNormalEquations,
  addTile,
  factorise,
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
 * One side of alternating least squares, rows `from` … `to` of `solved`, the other side being `table`:
 *
 *   x_i ← (G + Σ_j w_j·y_j·y_jᵀ + d_i·I)⁻¹ Σ_j t_j·y_j     over the ratings start_i … start_{i+1}
 *
 * with G at `gram`, w at `weight`, t at `target` and d at `diagonal`; a row without ratings becomes
 * zero. For `weight` 0, and for the scratch `panel` and `a`, see `addNormalEquations`. Gives the number
 * of rows that could not be solved.
 */
export function solveRows(
  from: u32,
  to: u32,
  start: usize,
  index: usize,
  weight: usize,
  target: usize,
  diagonal: usize,
  table: usize,
  solved: usize,
  size: u32,
  gram: usize,
  panel: usize,
  a: usize,
): u32 {
  const rowBytes: usize = (<usize>size) << 2
  let failures: u32 = 0
  for (let i = from; i < to; i++) {
    const at = (<usize>i) << 2
    const first = load<u32>(start + at)
    const end = load<u32>(start + at, 4)
    const x = solved + <usize>i * rowBytes
    memory.fill(x, 0, rowBytes)
    if (first === end) continue
    memory.copy(a, gram, <usize>size * rowBytes)
    addNormalEquations(index, weight, target, first, end, table, size, -1, panel, a, x)
    const d = load<f32>(diagonal + at)
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
