/**
 * Normal equations of many small least-squares problems, one a row, and their Cholesky solution:
 * alternating least squares takes A⁻¹b, Gibbs sampling a draw around it. All tables are f32 in C
 * order and `size`, the numbers in a row, is a multiple of 8; fill what is not wanted with zeros,
 * and put something positive there on the diagonal of A. Of A [size, size] only the upper triangle,
 * with its diagonal, means anything: what stands under it is neither kept nor looked at.
 */

/** Ratings by row, as weighted observations of the rows of a table. */
@unmanaged
export class LeastSquares {
  /** u32 [rows + 1]: the ratings of row i are `start[i]` … `start[i + 1]`. */
  start: usize
  /** u32 [ratings]: the row of `table` that each is of. */
  index: usize
  /** f32: the weight of rating j is `weight[weightOf[j]]`; address 0: 1 for all. */
  weight: usize
  /** u32 [ratings]; address 0: `weight` has one for each rating. */
  weightOf: usize
  /** f32 [ratings]: t. */
  target: usize
  /** f32 [others, size] */
  table: usize
  size: u32
  /** The place of a row that holds an offset instead of a factor; −1 for none. */
  offsetAt: i32
}

/** Rows gathered at once, see `panelBytes`: with 32 numbers each they stay in the first cache. */
const panelRows: u32 = 64

/**
 * Adds the ratings `from` … `to` to the normal equations of one row. With x_j the row of the table
 * that rating j is of:
 *
 *   A ← A + Σ w_j·x_j·x_jᵀ      b ← b + Σ w_j·t_j·x_j
 *
 * Where x_j holds an offset o_j, that place counts as a factor of 1, and t_j − o_j stands for t_j.
 * `panel` is scratch of `panelBytes(size)`, see `kernels.ts`.
 */
export function addNormalEquations(
  task: LeastSquares,
  from: u32,
  to: u32,
  panel: usize,
  a: usize,
  b: usize,
): void {
  const rowBytes: usize = (<usize>task.size) << 2
  const weighted = task.weight === 0 ? panel : panel + <usize>panelRows * rowBytes
  for (let at = from; at < to; at += panelRows) {
    const rows = min(to - at, panelRows)
    gather(task, at, rows, panel, weighted, b)
    for (let i: usize = 0; i < rowBytes; i += 16)
      for (let j = i & ~31; j < rowBytes; j += 32)
        addTile(
          weighted + i,
          rowBytes,
          panel + j,
          rowBytes,
          rows,
          a + (i >> 2) * rowBytes + j,
          rowBytes,
        )
  }
}

/** Copies rows into the panel, and times their weights into the weighted one; adds to b. */
function gather(
  task: LeastSquares,
  from: u32,
  rows: u32,
  panel: usize,
  weighted: usize,
  b: usize,
): void {
  const rowBytes: usize = (<usize>task.size) << 2
  const index = task.index
  const weight = task.weight
  const weightOf = task.weightOf
  const target = task.target
  const table = task.table
  const offsetAt = task.offsetAt
  for (let row: u32 = 0; row < rows; row++) {
    const j = (<usize>(from + row)) << 2
    const source = table + <usize>load<u32>(index + j) * rowBytes
    const copy = panel + <usize>row * rowBytes
    // A call of `memory.copy` costs more than so few numbers.
    for (let at: usize = 0; at < rowBytes; at += 16) v128.store(copy + at, v128.load(source + at))
    let t = load<f32>(target + j)
    if (offsetAt >= 0) {
      const place = copy + ((<usize>offsetAt) << 2)
      t -= load<f32>(place)
      store<f32>(place, 1)
    }
    if (weight === 0) {
      addTimes(b, copy, t, rowBytes)
      continue
    }
    const w = load<f32>(weight + (weightOf === 0 ? j : (<usize>load<u32>(weightOf + j)) << 2))
    const ws = f32x4.splat(w)
    const ts = f32x4.splat(t)
    const times = weighted + <usize>row * rowBytes
    for (let at: usize = 0; at < rowBytes; at += 16) {
      const x = f32x4.mul(ws, v128.load(copy + at))
      v128.store(times + at, x)
      v128.store(b + at, f32x4.add(v128.load(b + at), f32x4.mul(ts, x)))
    }
  }
}

/** y ← y + s·x */
export function addTimes(y: usize, x: usize, s: f32, bytes: usize): void {
  const scale = f32x4.splat(s)
  for (let at: usize = 0; at < bytes; at += 16)
    v128.store(y + at, f32x4.add(v128.load(y + at), f32x4.mul(scale, v128.load(x + at))))
}

/**
 * Adds Σ left_r[0 … 3]·right_r[0 … 7]ᵀ, over the rows of two tables, `leftBytes` and `rightBytes`
 * apart, to the 4 × 8 numbers at `out`, whose rows are `outBytes` apart; held in registers
 * meanwhile.
 */
export function addTile(
  left: usize,
  leftBytes: usize,
  right: usize,
  rightBytes: usize,
  rows: u32,
  out: usize,
  outBytes: usize,
): void {
  let a0 = v128.load(out)
  let a1 = v128.load(out, 16)
  const out1 = out + outBytes
  let b0 = v128.load(out1)
  let b1 = v128.load(out1, 16)
  const out2 = out1 + outBytes
  let c0 = v128.load(out2)
  let c1 = v128.load(out2, 16)
  const out3 = out2 + outBytes
  let d0 = v128.load(out3)
  let d1 = v128.load(out3, 16)
  for (let row: u32 = 0; row < rows; row++) {
    const x0 = v128.load(right)
    const x1 = v128.load(right, 16)
    const a = v128.load32_splat(left)
    a0 = f32x4.add(a0, f32x4.mul(a, x0))
    a1 = f32x4.add(a1, f32x4.mul(a, x1))
    const b = v128.load32_splat(left, 4)
    b0 = f32x4.add(b0, f32x4.mul(b, x0))
    b1 = f32x4.add(b1, f32x4.mul(b, x1))
    const c = v128.load32_splat(left, 8)
    c0 = f32x4.add(c0, f32x4.mul(c, x0))
    c1 = f32x4.add(c1, f32x4.mul(c, x1))
    const d = v128.load32_splat(left, 12)
    d0 = f32x4.add(d0, f32x4.mul(d, x0))
    d1 = f32x4.add(d1, f32x4.mul(d, x1))
    left += leftBytes
    right += rightBytes
  }
  v128.store(out, a0)
  v128.store(out, a1, 16)
  v128.store(out1, b0)
  v128.store(out1, b1, 16)
  v128.store(out2, c0)
  v128.store(out2, c1, 16)
  v128.store(out3, d0)
  v128.store(out3, d1, 16)
}

/**
 * Cholesky: A = RᵀR with R upper triangular, written over A. 1, or 0 as soon as A turns out not to
 * be positive definite.
 */
export function factorise(a: usize, size: u32): u32 {
  const rowBytes: usize = (<usize>size) << 2
  const end = a + <usize>size * rowBytes
  for (let row = a, j: usize = 0; row < end; row += rowBytes, j += 4) {
    const pivot = load<f32>(row + j)
    if (!(pivot > 0)) return 0
    const scale = f32x4.splat(1 / sqrt<f32>(pivot))
    // Vectors begin at a multiple of four, a few places left of the diagonal, where all is junk.
    for (let at = j & ~15; at < rowBytes; at += 16)
      v128.store(row + at, f32x4.mul(scale, v128.load(row + at)))
    for (let lower = row + rowBytes, i = j + 4; lower < end; lower += rowBytes, i += 4) {
      const by = v128.load32_splat(row + i)
      for (let at = i & ~15; at < rowBytes; at += 16)
        v128.store(lower + at, f32x4.sub(v128.load(lower + at), f32x4.mul(by, v128.load(row + at))))
    }
  }
  return 1
}

/** b ← R⁻ᵀb, for R from `factorise`; the first half of A⁻¹b. */
export function solveTransposed(r: usize, b: usize, size: u32): void {
  const rowBytes: usize = (<usize>size) << 2
  for (let j: usize = 0, row = r; j < rowBytes; j += 4, row += rowBytes) {
    const y = load<f32>(b + j) / load<f32>(row + j)
    store<f32>(b + j, y)
    let at = j + 4
    for (; (at & 15) !== 0; at += 4) store<f32>(b + at, load<f32>(b + at) - y * load<f32>(row + at))
    const by = f32x4.splat(y)
    for (; at < rowBytes; at += 16)
      v128.store(b + at, f32x4.sub(v128.load(b + at), f32x4.mul(by, v128.load(row + at))))
  }
}

/** b ← R⁻¹b, for R from `factorise`; the second half of A⁻¹b. */
export function solveUpper(r: usize, b: usize, size: u32): void {
  const rowBytes: usize = (<usize>size) << 2
  for (let j: isize = <isize>rowBytes - 4; j >= 0; j -= 4) {
    const row = r + (<usize>j >> 2) * rowBytes
    let sum = load<f32>(b + j)
    let at = <usize>j + 4
    for (; (at & 15) !== 0; at += 4) sum -= load<f32>(row + at) * load<f32>(b + at)
    let sums = f32x4.splat(0)
    for (; at < rowBytes; at += 16)
      sums = f32x4.add(sums, f32x4.mul(v128.load(row + at), v128.load(b + at)))
    sum -= f32x4.extract_lane(sums, 0) + f32x4.extract_lane(sums, 1)
    sum -= f32x4.extract_lane(sums, 2) + f32x4.extract_lane(sums, 3)
    store<f32>(b + j, sum / load<f32>(row + j))
  }
}
