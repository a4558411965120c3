/**
 * The two tables that a subspace iteration keeps of each side of a matrix, see `low-rank.ts`: a basis
 * Q and products S of the matrix with the other side's, together X = [Q S]. They are kept as f32 and
 * multiplied as f64, since S is nearly in the span of Q.
 */
@unmanaged
export class Subspace {
  /** f32 [rows, columns]: Q times the root of the row, and S over it. */
  basis: usize
  products: usize
  /** f32 [rows]. Rows are a multiple of four, columns one of eight. */
  roots: usize
  columns: u32
  /** f64 [2·columns, outColumns], a multiple of four: W. */
  coefficients: usize
  outColumns: u32
  /** f32 [rows, outColumns]: where XW goes, times the root of the row; address 0: nowhere. */
  outBasis: usize
  /** f32 [rows, outColumns]: where XW·diag(scale) goes, over the root of the row. */
  outProducts: usize
  /** f64 [outColumns] */
  scale: usize
}

/** Rows of X that stay in the processor's first cache, `panelRows` × 2·columns numbers of f64. */
const panelRows: u32 = 16

/** out ← out + XᵀX of the rows `from` … `to`, f64 [2·columns, 2·columns], its upper triangle. */
export function addSubspaceGram(
  space: Subspace,
  from: u32,
  to: u32,
  panel: usize,
  out: usize,
): void {
  const bytes = (<usize>space.columns) << 4
  for (let row = from; row < to; row += panelRows) {
    const rows = min(to - row, panelRows)
    gather(space, row, rows, panel)
    for (let i: usize = 0; i < bytes; i += 32)
      for (let j = i; j < bytes; j += 32)
        addTile(panel + i, panel + j, bytes, rows, out + (i >> 3) * bytes + j, bytes)
  }
}

/** Takes X of the rows `from` … `to` over to XW; the tables may be those that it is read from. */
export function turnSubspace(space: Subspace, from: u32, to: u32, panel: usize): void {
  const inner: usize = (<usize>space.columns) << 1
  const outColumns: usize = space.outColumns
  const tile = panel + <usize>panelRows * (inner << 3)
  for (let row = from; row < to; row += panelRows) {
    const rows = min(to - row, panelRows)
    gather(space, row, rows, panel)
    for (let four: u32 = 0; four < rows; four += 4)
      for (let j: usize = 0; j < outColumns; j += 4) {
        multiply(
          panel + <usize>four * (inner << 3),
          inner,
          space.coefficients + (j << 3),
          outColumns << 3,
          tile,
        )
        putTile(space, row + four, j, tile)
      }
  }
}

/** X of some rows into the panel. */
function gather(space: Subspace, from: u32, rows: u32, panel: usize): void {
  const bytes = (<usize>space.columns) << 2
  for (let row: usize = from, end = row + rows; row < end; row++) {
    const root = <f64>load<f32>(space.roots + (row << 2))
    const over = f64x2.splat(1 / root)
    const times = f64x2.splat(root)
    const basis = space.basis + row * bytes
    const products = space.products + row * bytes
    for (let at: usize = 0; at < bytes; at += 8) {
      const q = f64x2.promote_low_f32x4(v128.load64_zero(basis + at))
      const s = f64x2.promote_low_f32x4(v128.load64_zero(products + at))
      v128.store(panel + (at << 1), f64x2.mul(q, over))
      v128.store(panel + ((bytes + at) << 1), f64x2.mul(s, times))
    }
    panel += bytes << 2
  }
}

/** Adds Σ left_r[0 … 3]·right_r[0 … 3]ᵀ over rows to the 4 × 4 numbers at `out`. */
function addTile(
  left: usize,
  right: usize,
  rowBytes: usize,
  rows: u32,
  out: usize,
  outBytes: usize,
): void {
  const out1 = out + outBytes
  const out2 = out1 + outBytes
  const out3 = out2 + outBytes
  let a0 = v128.load(out)
  let a1 = v128.load(out, 16)
  let b0 = v128.load(out1)
  let b1 = v128.load(out1, 16)
  let c0 = v128.load(out2)
  let c1 = v128.load(out2, 16)
  let d0 = v128.load(out3)
  let d1 = v128.load(out3, 16)
  for (let row: u32 = 0; row < rows; row++) {
    const x0 = v128.load(right)
    const x1 = v128.load(right, 16)
    const a = v128.load64_splat(left)
    a0 = f64x2.add(a0, f64x2.mul(a, x0))
    a1 = f64x2.add(a1, f64x2.mul(a, x1))
    const b = v128.load64_splat(left, 8)
    b0 = f64x2.add(b0, f64x2.mul(b, x0))
    b1 = f64x2.add(b1, f64x2.mul(b, x1))
    const c = v128.load64_splat(left, 16)
    c0 = f64x2.add(c0, f64x2.mul(c, x0))
    c1 = f64x2.add(c1, f64x2.mul(c, x1))
    const d = v128.load64_splat(left, 24)
    d0 = f64x2.add(d0, f64x2.mul(d, x0))
    d1 = f64x2.add(d1, f64x2.mul(d, x1))
    left += rowBytes
    right += rowBytes
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

/** Four rows of X, one behind the other, times four columns of W: 4 × 4 numbers at `out`. */
function multiply(x: usize, inner: usize, w: usize, wBytes: usize, out: usize): void {
  const xBytes = inner << 3
  const x1 = x + xBytes
  const x2 = x1 + xBytes
  const x3 = x2 + xBytes
  let a0 = f64x2.splat(0)
  let a1 = f64x2.splat(0)
  let b0 = f64x2.splat(0)
  let b1 = f64x2.splat(0)
  let c0 = f64x2.splat(0)
  let c1 = f64x2.splat(0)
  let d0 = f64x2.splat(0)
  let d1 = f64x2.splat(0)
  for (let at: usize = 0; at < xBytes; at += 8) {
    const w0 = v128.load(w)
    const w1 = v128.load(w, 16)
    const a = v128.load64_splat(x + at)
    a0 = f64x2.add(a0, f64x2.mul(a, w0))
    a1 = f64x2.add(a1, f64x2.mul(a, w1))
    const b = v128.load64_splat(x1 + at)
    b0 = f64x2.add(b0, f64x2.mul(b, w0))
    b1 = f64x2.add(b1, f64x2.mul(b, w1))
    const c = v128.load64_splat(x2 + at)
    c0 = f64x2.add(c0, f64x2.mul(c, w0))
    c1 = f64x2.add(c1, f64x2.mul(c, w1))
    const d = v128.load64_splat(x3 + at)
    d0 = f64x2.add(d0, f64x2.mul(d, w0))
    d1 = f64x2.add(d1, f64x2.mul(d, w1))
    w += wBytes
  }
  v128.store(out, a0)
  v128.store(out, a1, 16)
  v128.store(out, b0, 32)
  v128.store(out, b1, 48)
  v128.store(out, c0, 64)
  v128.store(out, c1, 80)
  v128.store(out, d0, 96)
  v128.store(out, d1, 112)
}

/** Puts 4 × 4 numbers of XW into the tables that are made. */
function putTile(space: Subspace, row: u32, column: usize, tile: usize): void {
  const outBytes = (<usize>space.outColumns) << 2
  const scale = space.scale + (column << 3)
  for (let i: usize = 0; i < 4; i++) {
    const root = <f64>load<f32>(space.roots + ((<usize>row + i) << 2))
    const at = (<usize>row + i) * outBytes + (column << 2)
    for (let j: usize = 0; j < 4; j++) {
      const x = load<f64>(tile + ((i * 4 + j) << 3))
      if (space.outBasis !== 0) store<f32>(space.outBasis + at + (j << 2), <f32>(x * root))
      const product = (x * load<f64>(scale + (j << 3))) / root
      store<f32>(space.outProducts + at + (j << 2), <f32>product)
    }
  }
}
