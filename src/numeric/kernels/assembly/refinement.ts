import { AlternatingSide } from './alternating'
import { dot, dots } from './dots'
import { addTimes } from './least-squares'

/** Rows of up to so many ratings, which are gone over several times, are copied to one place first. */
const gatherRows: u32 = 1_024

/** A residual of which this is the squared length is as good as none; far less of it underflows. */
const leastResidual: f32 = 1e-20

/**
 * Brings the rows `from` … `to` of a side nearer to what `solveRows` makes of them, by so many steps
 * of conjugate gradients from where they are: O(ratings · size) a step, no matrix (Takács, Pilászy &
 * Tikk, "Applications of the conjugate gradient method for implicit feedback collaborative
 * filtering", 2011). G must be whole here, both its triangles; there are no offsets. `scratch` is of
 * `refineBytes(size)`, see `kernels.ts`. Gives the number of rows whose numbers are not finite.
 */
export function refineRows(
  side: AlternatingSide,
  from: u32,
  to: u32,
  steps: u32,
  scratch: usize,
): u32 {
  const rowBytes: usize = (<usize>side.size) << 2
  const residual = scratch
  const direction = residual + rowBytes
  const image = direction + rowBytes
  const times = image + rowBytes
  // As many as numbers in a row, which may be 8, or as ratings in a group.
  const gathered = times + max<usize>(rowBytes, (<usize>groupRows) << 2)
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
    const isGathered = end - first <= gatherRows
    if (isGathered) gatherTable(side, first, end, gathered)
    // r = b − A·x
    applyNormal(side, first, end, gathered, isGathered, d, x, 1, times, residual)
    memory.copy(direction, residual, rowBytes)
    let size2 = dot(residual, residual, rowBytes)
    for (let step: u32 = 0; step < steps && size2 > leastResidual; step++) {
      // −A·p
      applyNormal(side, first, end, gathered, isGathered, d, direction, 0, times, image)
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

/** Ratings whose rows stay in the first cache between their two products. */
const groupRows: u32 = 16

/**
 * out ← s·Σ w_j·t_j·y_j − (G + Σ w_j·y_j·y_jᵀ + d·I)·x, s being 0 or 1, the y_j gathered or, where
 * `isGathered` is not, in the table and copied to `gathered` on the way. `times` is scratch [`size`].
 */
function applyNormal(
  side: AlternatingSide,
  first: u32,
  end: u32,
  gathered: usize,
  isGathered: bool,
  d: f32,
  x: usize,
  s: f32,
  times: usize,
  out: usize,
): void {
  const rowBytes: usize = (<usize>side.size) << 2
  const minus = f32x4.splat(-d)
  for (let at: usize = 0; at < rowBytes; at += 16) {
    v128.store(out + at, f32x4.mul(minus, v128.load(x + at)))
    v128.store(times + at, f32x4.neg(v128.load(x + at)))
  }
  addRows(out, side.gram, times, side.size, rowBytes)
  for (let from = first; from < end; from += groupRows) {
    const to = min(from + groupRows, end)
    let y = gathered
    if (isGathered) y += <usize>(from - first) * rowBytes
    else gatherTable(side, from, to, y)
    weigh(side, from, to, y, x, s, times)
    addRows(out, y, times, to - from, rowBytes)
  }
}

/** times_j ← w_j·(s·t_j − y_j·x) */
function weigh(
  side: AlternatingSide,
  from: u32,
  to: u32,
  y: usize,
  x: usize,
  s: f32,
  times: usize,
): void {
  const rowBytes: usize = (<usize>side.size) << 2
  const weight = side.weight
  const weightOf = side.weightOf
  const signs = f32x4.splat(s)
  const target = side.target + ((<usize>from) << 2)
  let at: usize = 0
  const bytes = (<usize>(to - from)) << 2
  for (; at + 16 <= bytes; at += 16, y += 4 * rowBytes) {
    const given = f32x4.mul(signs, v128.load(target + at))
    v128.store(times + at, f32x4.sub(given, dots(y, x, rowBytes)))
  }
  for (; at < bytes; at += 4, y += rowBytes) {
    const given = s * load<f32>(target + at)
    store<f32>(times + at, given - dot(y, x, rowBytes))
  }
  if (weight === 0) return
  for (let j = from; j < to; j++, times += 4) {
    const place = (<usize>j) << 2
    const w = weight + (weightOf === 0 ? place : (<usize>load<u32>(weightOf + place)) << 2)
    store<f32>(times, load<f32>(times) * load<f32>(w))
  }
}

/**
 * out ← out + Σ c_r·y_r, one after the other, over so many rows that follow one another; 32 numbers of
 * `out` at a time are held in registers meanwhile.
 */
function addRows(out: usize, y: usize, c: usize, rows: u32, rowBytes: usize): void {
  const end = c + ((<usize>rows) << 2)
  let at: usize = 0
  for (; at + 128 <= rowBytes; at += 128) {
    const to = out + at
    let a0 = v128.load(to)
    let a1 = v128.load(to, 16)
    let a2 = v128.load(to, 32)
    let a3 = v128.load(to, 48)
    let a4 = v128.load(to, 64)
    let a5 = v128.load(to, 80)
    let a6 = v128.load(to, 96)
    let a7 = v128.load(to, 112)
    for (let by = c, row = y + at; by < end; by += 4, row += rowBytes) {
      const s = v128.load32_splat(by)
      a0 = f32x4.add(a0, f32x4.mul(s, v128.load(row)))
      a1 = f32x4.add(a1, f32x4.mul(s, v128.load(row, 16)))
      a2 = f32x4.add(a2, f32x4.mul(s, v128.load(row, 32)))
      a3 = f32x4.add(a3, f32x4.mul(s, v128.load(row, 48)))
      a4 = f32x4.add(a4, f32x4.mul(s, v128.load(row, 64)))
      a5 = f32x4.add(a5, f32x4.mul(s, v128.load(row, 80)))
      a6 = f32x4.add(a6, f32x4.mul(s, v128.load(row, 96)))
      a7 = f32x4.add(a7, f32x4.mul(s, v128.load(row, 112)))
    }
    v128.store(to, a0)
    v128.store(to, a1, 16)
    v128.store(to, a2, 32)
    v128.store(to, a3, 48)
    v128.store(to, a4, 64)
    v128.store(to, a5, 80)
    v128.store(to, a6, 96)
    v128.store(to, a7, 112)
  }
  for (; at < rowBytes; at += 32) {
    const to = out + at
    let a0 = v128.load(to)
    let a1 = v128.load(to, 16)
    for (let by = c, row = y + at; by < end; by += 4, row += rowBytes) {
      const s = v128.load32_splat(by)
      a0 = f32x4.add(a0, f32x4.mul(s, v128.load(row)))
      a1 = f32x4.add(a1, f32x4.mul(s, v128.load(row, 16)))
    }
    v128.store(to, a0)
    v128.store(to, a1, 16)
  }
}
