import {
  addNormalEquations,
  addTile,
  addTimes,
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

/** Rows of up to so many ratings, which are gone over several times, are copied to one place first. */
const gatherRows: u32 = 1_024

/** A residual of which this is the squared length is as good as none; far less of it underflows. */
const leastResidual: f32 = 1e-20

/**
 * Brings the rows `from` … `to` of a side nearer to what `solveRows` makes of them, by so many steps
 * of conjugate gradients from where they are: O(ratings · size) a step, no matrix (Takács, Pilászy &
 * Tikk, "Applications of the conjugate gradient method for implicit feedback collaborative
 * filtering", 2011). G must be whole here, both its triangles; there are no offsets. `scratch` is
 * [3 + `gatherRows`, size]. Gives the number of rows whose numbers are not finite.
 */
export function refineRows(
  side: AlternatingSide,
  from: u32,
  to: u32,
  steps: u32,
  scratch: usize,
): u32 {
  const rowBytes: usize = (<usize>side.size) << 2
  const gathered = scratch + 3 * rowBytes
  const residual = scratch
  const direction = residual + rowBytes
  const image = direction + rowBytes
  let failures: u32 = 0
  for (let i = from; i < to; i++) {
    const at = (<usize>i) << 2
    const first = load<u32>(side.start + at)
    const end = load<u32>(side.start + at, 4)
    const x = side.solved + <usize>i * rowBytes
    if (first === end) {
      memory.fill(x, 0, rowBytes)
      continue
    }
    const d = load<f32>(side.diagonal + at)
    const y = end - first > gatherRows ? 0 : gathered
    if (y !== 0) gatherTable(side, first, end, y)
    // r = b − A·x
    applyNormal(side, first, end, y, d, x, 1, residual)
    memory.copy(direction, residual, rowBytes)
    let size2 = dot(residual, residual, rowBytes)
    for (let step: u32 = 0; step < steps && size2 > leastResidual; step++) {
      // −A·p
      applyNormal(side, first, end, y, d, direction, 0, image)
      const along = size2 / -dot(direction, image, rowBytes)
      addTimes(x, direction, along, rowBytes)
      addTimes(residual, image, along, rowBytes)
      const next = dot(residual, residual, rowBytes)
      const share = f32x4.splat(next / size2)
      for (let j: usize = 0; j < rowBytes; j += 16)
        v128.store(
          direction + j,
          f32x4.add(v128.load(residual + j), f32x4.mul(share, v128.load(direction + j))),
        )
      size2 = next
    }
    if (!(size2 <= f32.MAX_VALUE)) failures++
  }
  return failures
}

/** Copies the rows of the table that ratings are of, one after the other. */
function gatherTable(side: AlternatingSide, first: u32, end: u32, to: usize): void {
  const rowBytes: usize = (<usize>side.size) << 2
  for (let j = first; j < end; j++, to += rowBytes) {
    const row = side.table + <usize>load<u32>(side.index + ((<usize>j) << 2)) * rowBytes
    for (let at: usize = 0; at < rowBytes; at += 16) v128.store(to + at, v128.load(row + at))
  }
}

/**
 * out ← s·Σ w_j·t_j·y_j − (G + Σ w_j·y_j·y_jᵀ + d·I)·x, s being 0 or 1, the y_j gathered or, where
 * `gathered` is 0, in the table.
 */
function applyNormal(
  side: AlternatingSide,
  first: u32,
  end: u32,
  gathered: usize,
  d: f32,
  x: usize,
  s: f32,
  out: usize,
): void {
  const rowBytes: usize = (<usize>side.size) << 2
  const table = side.table
  const weight = side.weight
  const weightOf = side.weightOf
  const minus = f32x4.splat(-d)
  for (let at: usize = 0; at < rowBytes; at += 16)
    v128.store(out + at, f32x4.mul(minus, v128.load(x + at)))
  for (let p: usize = 0, row = side.gram; p < rowBytes; p += 4, row += rowBytes)
    addTimes(out, row, -load<f32>(x + p), rowBytes)
  for (let j = first; j < end; j++) {
    const at = (<usize>j) << 2
    const y =
      gathered !== 0
        ? gathered + <usize>(j - first) * rowBytes
        : table + <usize>load<u32>(side.index + at) * rowBytes
    let times = s * load<f32>(side.target + at) - dot(y, x, rowBytes)
    if (weight !== 0)
      times *= load<f32>(weight + (weightOf === 0 ? at : (<usize>load<u32>(weightOf + at)) << 2))
    addTimes(out, y, times, rowBytes)
  }
}

/** x·y of a multiple of eight numbers. */
function dot(x: usize, y: usize, bytes: usize): f32 {
  let a = f32x4.splat(0)
  let b = f32x4.splat(0)
  for (let at: usize = 0; at < bytes; at += 32) {
    a = f32x4.add(a, f32x4.mul(v128.load(x + at), v128.load(y + at)))
    b = f32x4.add(b, f32x4.mul(v128.load(x + at, 16), v128.load(y + at, 16)))
  }
  a = f32x4.add(a, b)
  return (
    f32x4.extract_lane(a, 0) +
    f32x4.extract_lane(a, 1) +
    (f32x4.extract_lane(a, 2) + f32x4.extract_lane(a, 3))
  )
}
