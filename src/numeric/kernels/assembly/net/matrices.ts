import { addTile } from '../least-squares'
import { sums } from '../prediction'

// The matrix products of a net, in tiles that stay in registers. Each number of a result is summed
// up in an order that depends on the sizes alone.

/**
 * out_r ← X_r·Wᵀ for a multiple of four rows: the dot products of rows of x with rows of w, both
 * `bytes` long, two of w at a time, up to a number of `columns` that is even.
 */
export function multiplyTransposed(
  x: usize,
  w: usize,
  bytes: usize,
  rows: u32,
  columns: u32,
  out: usize,
  outBytes: usize,
): void {
  for (let column: u32 = 0; column < columns; column += 2) {
    let x0 = x
    let out0 = out + ((<usize>column) << 2)
    for (let row: u32 = 0; row < rows; row += 4) {
      dotTile(x0, w, bytes, out0, outBytes)
      x0 += 4 * bytes
      out0 += 4 * outBytes
    }
    w += 2 * bytes
  }
}

function dotTile(x0: usize, w0: usize, bytes: usize, out: usize, outBytes: usize): void {
  const x1 = x0 + bytes
  const x2 = x1 + bytes
  const x3 = x2 + bytes
  const w1 = w0 + bytes
  let a0 = f32x4.splat(0)
  let a1 = f32x4.splat(0)
  let a2 = f32x4.splat(0)
  let a3 = f32x4.splat(0)
  let b0 = f32x4.splat(0)
  let b1 = f32x4.splat(0)
  let b2 = f32x4.splat(0)
  let b3 = f32x4.splat(0)
  for (let at: usize = 0; at < bytes; at += 16) {
    const p = v128.load(w0 + at)
    const q = v128.load(w1 + at)
    let v = v128.load(x0 + at)
    a0 = f32x4.add(a0, f32x4.mul(v, p))
    b0 = f32x4.add(b0, f32x4.mul(v, q))
    v = v128.load(x1 + at)
    a1 = f32x4.add(a1, f32x4.mul(v, p))
    b1 = f32x4.add(b1, f32x4.mul(v, q))
    v = v128.load(x2 + at)
    a2 = f32x4.add(a2, f32x4.mul(v, p))
    b2 = f32x4.add(b2, f32x4.mul(v, q))
    v = v128.load(x3 + at)
    a3 = f32x4.add(a3, f32x4.mul(v, p))
    b3 = f32x4.add(b3, f32x4.mul(v, q))
  }
  const a = sums(a0, a1, a2, a3)
  const b = sums(b0, b1, b2, b3)
  v128.store64_lane(out, v128.shuffle<f32>(a, b, 0, 4, 0, 4), 0)
  v128.store64_lane(out + outBytes, v128.shuffle<f32>(a, b, 1, 5, 1, 5), 0)
  out += 2 * outBytes
  v128.store64_lane(out, v128.shuffle<f32>(a, b, 2, 6, 2, 6), 0)
  v128.store64_lane(out + outBytes, v128.shuffle<f32>(a, b, 3, 7, 3, 7), 0)
}

/**
 * out_r ← out_r ⊙ (D_r·W) for a multiple of four rows, of D [rows][places, and more] and W
 * [places][columns], the columns being a multiple of 8.
 */
export function multiplyOnto(
  d: usize,
  dBytes: usize,
  places: u32,
  w: usize,
  rows: u32,
  out: usize,
  outBytes: usize,
): void {
  for (let column: usize = 0; column < outBytes; column += 32) {
    let d0 = d
    let out0 = out + column
    for (let row: u32 = 0; row < rows; row += 4) {
      productTile(d0, dBytes, places, w + column, out0, outBytes)
      d0 += 4 * dBytes
      out0 += 4 * outBytes
    }
  }
}

function productTile(
  d0: usize,
  dBytes: usize,
  places: u32,
  w: usize,
  out: usize,
  outBytes: usize,
): void {
  const d1 = d0 + dBytes
  const d2 = d1 + dBytes
  const d3 = d2 + dBytes
  let a0 = f32x4.splat(0)
  let a1 = f32x4.splat(0)
  let b0 = f32x4.splat(0)
  let b1 = f32x4.splat(0)
  let c0 = f32x4.splat(0)
  let c1 = f32x4.splat(0)
  let e0 = f32x4.splat(0)
  let e1 = f32x4.splat(0)
  for (let place: usize = 0, end = (<usize>places) << 2; place < end; place += 4) {
    const p = v128.load(w)
    const q = v128.load(w, 16)
    let v = v128.load32_splat(d0 + place)
    a0 = f32x4.add(a0, f32x4.mul(v, p))
    a1 = f32x4.add(a1, f32x4.mul(v, q))
    v = v128.load32_splat(d1 + place)
    b0 = f32x4.add(b0, f32x4.mul(v, p))
    b1 = f32x4.add(b1, f32x4.mul(v, q))
    v = v128.load32_splat(d2 + place)
    c0 = f32x4.add(c0, f32x4.mul(v, p))
    c1 = f32x4.add(c1, f32x4.mul(v, q))
    v = v128.load32_splat(d3 + place)
    e0 = f32x4.add(e0, f32x4.mul(v, p))
    e1 = f32x4.add(e1, f32x4.mul(v, q))
    w += outBytes
  }
  timesStore(out, a0, a1)
  out += outBytes
  timesStore(out, b0, b1)
  out += outBytes
  timesStore(out, c0, c1)
  timesStore(out + outBytes, e0, e1)
}

function timesStore(out: usize, x: v128, y: v128): void {
  v128.store(out, f32x4.mul(x, v128.load(out)))
  v128.store(out, f32x4.mul(y, v128.load(out, 16)), 16)
}

/**
 * Adds DᵀX to sums [places, up to a multiple of 4][columns], of D [rows][places, and more] and X
 * [rows][columns], the columns being a multiple of 8.
 */
export function addOuter(
  d: usize,
  dBytes: usize,
  places: u32,
  x: usize,
  xBytes: usize,
  rows: u32,
  out: usize,
): void {
  for (let column: usize = 0; column < xBytes; column += 32)
    for (let place: usize = 0; place < <usize>places; place += 4)
      addTile(
        d + (place << 2),
        dBytes,
        x + column,
        xBytes,
        rows,
        out + place * xBytes + column,
        xBytes,
      )
}
