import { addTile } from './least-squares'

/** Two tables of f32 whose rows are `leftBytes` and `rightBytes` apart, and leftᵀ·right. */
@unmanaged
export class CrossProduct {
  left: usize
  leftBytes: usize
  right: usize
  rightBytes: usize
  rows: u32
  /** As many bytes a row as `right`. */
  out: usize
}

/** Puts the 4 × 8 numbers from row i and column j of a cross product there. */
export function crossTile(task: CrossProduct, i: u32, j: u32): void {
  const bytes = task.rightBytes
  const out = task.out + <usize>i * bytes + ((<usize>j) << 2)
  for (let row: usize = 0; row < 4; row++) memory.fill(out + row * bytes, 0, 32)
  const left = task.left + ((<usize>i) << 2)
  const right = task.right + ((<usize>j) << 2)
  addTile(left, task.leftBytes, right, bytes, task.rows, out, bytes)
}

/** A table of f32, the first `places` numbers of whose rows are multiplied by a matrix. */
@unmanaged
export class RowProduct {
  left: usize
  /** From one row to the next. */
  leftBytes: usize
  places: u32
  /** [places, columns] */
  right: usize
  /** [rows, columns] */
  out: usize
  /** Of a row of `right` and of `out`, a multiple of 32. */
  outBytes: usize
}

/**
 * out_r ← out_r + left_r·right for the rows `from` … `to`, of which there are a multiple of four.
 */
export function addProducts(task: RowProduct, from: u32, to: u32): void {
  const bytes = task.outBytes
  for (let row = from; row < to; row += 4) {
    const left = task.left + <usize>row * task.leftBytes
    const out = task.out + <usize>row * bytes
    for (let j: usize = 0; j < bytes; j += 32)
      addProductTile(left, task.leftBytes, task.places, task.right + j, bytes, out + j)
  }
}

function addProductTile(
  left: usize,
  leftBytes: usize,
  places: u32,
  right: usize,
  outBytes: usize,
  out: usize,
): void {
  const out1 = out + outBytes
  const out2 = out1 + outBytes
  const out3 = out2 + outBytes
  const left1 = left + leftBytes
  const left2 = left1 + leftBytes
  const left3 = left2 + leftBytes
  let a0 = v128.load(out)
  let a1 = v128.load(out, 16)
  let b0 = v128.load(out1)
  let b1 = v128.load(out1, 16)
  let c0 = v128.load(out2)
  let c1 = v128.load(out2, 16)
  let d0 = v128.load(out3)
  let d1 = v128.load(out3, 16)
  for (let place: usize = 0, end = (<usize>places) << 2; place < end; place += 4) {
    const x0 = v128.load(right)
    const x1 = v128.load(right, 16)
    const a = v128.load32_splat(left + place)
    a0 = f32x4.add(a0, f32x4.mul(a, x0))
    a1 = f32x4.add(a1, f32x4.mul(a, x1))
    const b = v128.load32_splat(left1 + place)
    b0 = f32x4.add(b0, f32x4.mul(b, x0))
    b1 = f32x4.add(b1, f32x4.mul(b, x1))
    const c = v128.load32_splat(left2 + place)
    c0 = f32x4.add(c0, f32x4.mul(c, x0))
    c1 = f32x4.add(c1, f32x4.mul(c, x1))
    const d = v128.load32_splat(left3 + place)
    d0 = f32x4.add(d0, f32x4.mul(d, x0))
    d1 = f32x4.add(d1, f32x4.mul(d, x1))
    right += outBytes
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
