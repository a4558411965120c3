/**
 * Products of a few rows of f64 and equations with them, in double precision: what is folded in is solved
 * by no more. Tables are in C order; rows, and the numbers in a row, are a multiple of four, and what is not
 * wanted is zeros; where rows are multiplied by a vector, or added up, their number is free.
 */

/** out ← BBᵀ [count, count] of B [count, size]. Two rows by two at a time: four sums overlap. */
export function multiplyRows(b: usize, count: u32, size: u32, out: usize): void {
  const bytes = (<usize>size) << 3
  const outBytes = (<usize>count) << 3
  for (let i: usize = 0, p = b; i < outBytes; i += 16, p += 2 * bytes) {
    for (let j: usize = 0, r = b; j <= i; j += 16, r += 2 * bytes) {
      let pr = f64x2.splat(0)
      let ps = f64x2.splat(0)
      let qr = f64x2.splat(0)
      let qs = f64x2.splat(0)
      for (let at: usize = 0; at < bytes; at += 16) {
        const x = v128.load(p + at)
        const y = v128.load(p + bytes + at)
        const z = v128.load(r + at)
        const t = v128.load(r + bytes + at)
        pr = f64x2.add(pr, f64x2.mul(x, z))
        ps = f64x2.add(ps, f64x2.mul(x, t))
        qr = f64x2.add(qr, f64x2.mul(y, z))
        qs = f64x2.add(qs, f64x2.mul(y, t))
      }
      const under = out + (i >> 3) * outBytes + j
      const over = out + (j >> 3) * outBytes + i
      putPair(under, over, outBytes, sum(pr), sum(qr))
      putPair(under + 8, over + outBytes, outBytes, sum(ps), sum(qs))
    }
  }
}

/** Puts two numbers one under the other at `under`, and one beside the other at `over`. */
function putPair(under: usize, over: usize, rowBytes: usize, first: f64, second: f64): void {
  store<f64>(under, first)
  store<f64>(under + rowBytes, second)
  store<f64>(over, first)
  store<f64>(over, second, 8)
}

/**
 * b ← A⁻¹b for a positive definite A [count, count], of which the lower half is read and its Cholesky factor
 * written over it, the inverse of each pivot in its place. Two columns of two rows at a time.
 */
export function solvePositive(a: usize, count: u32, b: usize): void {
  const bytes = (<usize>count) << 3
  for (let j: usize = 0, p = a; j < bytes; j += 16, p += 2 * bytes) {
    const q = p + bytes
    let pp = f64x2.splat(0)
    let qp = f64x2.splat(0)
    let qq = f64x2.splat(0)
    let bp = f64x2.splat(0)
    let bq = f64x2.splat(0)
    for (let at: usize = 0; at < j; at += 16) {
      const x = v128.load(p + at)
      const y = v128.load(q + at)
      const z = v128.load(b + at)
      pp = f64x2.add(pp, f64x2.mul(x, x))
      qp = f64x2.add(qp, f64x2.mul(y, x))
      qq = f64x2.add(qq, f64x2.mul(y, y))
      bp = f64x2.add(bp, f64x2.mul(x, z))
      bq = f64x2.add(bq, f64x2.mul(y, z))
    }
    const first = 1 / sqrt<f64>(load<f64>(p + j) - sum(pp))
    const side = (load<f64>(q + j) - sum(qp)) * first
    const second = 1 / sqrt<f64>(load<f64>(q + j, 8) - sum(qq) - side * side)
    store<f64>(p + j, first)
    store<f64>(q + j, side)
    store<f64>(q + j, second, 8)
    // The first half of the solution goes along: what it needs of the factor is there.
    const y = (load<f64>(b + j) - sum(bp)) * first
    store<f64>(b + j, y)
    store<f64>(b + j, (load<f64>(b + j, 8) - sum(bq) - side * y) * second, 8)
    for (let r = p + 2 * bytes, end = a + (bytes >> 3) * bytes; r < end; r += 2 * bytes)
      putColumns(r, bytes, p, j, first, side, second)
  }
  for (let j: isize = <isize>bytes - 16; j >= 0; j -= 16) {
    const p = a + (<usize>j >> 3) * bytes
    const q = p + bytes
    const second = load<f64>(b + j, 8) * load<f64>(q + j, 8)
    const first = (load<f64>(b + j) - load<f64>(q + j) * second) * load<f64>(p + j)
    store<f64>(b + j, first)
    store<f64>(b + j, second, 8)
    const x = f64x2.splat(first)
    const y = f64x2.splat(second)
    for (let at: usize = 0; at < <usize>j; at += 16) {
      const both = f64x2.add(f64x2.mul(x, v128.load(p + at)), f64x2.mul(y, v128.load(q + at)))
      v128.store(b + at, f64x2.sub(v128.load(b + at), both))
    }
  }
}

/** Two rows of the factor in the two columns from byte `j`, whose own rows begin at `p`. */
function putColumns(
  r: usize,
  bytes: usize,
  p: usize,
  j: usize,
  first: f64,
  side: f64,
  second: f64,
): void {
  const s = r + bytes
  const q = p + bytes
  let rp = f64x2.splat(0)
  let rq = f64x2.splat(0)
  let sp = f64x2.splat(0)
  let sq = f64x2.splat(0)
  for (let at: usize = 0; at < j; at += 16) {
    const x = v128.load(p + at)
    const y = v128.load(q + at)
    const z = v128.load(r + at)
    const t = v128.load(s + at)
    rp = f64x2.add(rp, f64x2.mul(z, x))
    rq = f64x2.add(rq, f64x2.mul(z, y))
    sp = f64x2.add(sp, f64x2.mul(t, x))
    sq = f64x2.add(sq, f64x2.mul(t, y))
  }
  const ofR = (load<f64>(r + j) - sum(rp)) * first
  const ofS = (load<f64>(s + j) - sum(sp)) * first
  store<f64>(r + j, ofR)
  store<f64>(s + j, ofS)
  store<f64>(r + j, (load<f64>(r + j, 8) - sum(rq) - ofR * side) * second, 8)
  store<f64>(s + j, (load<f64>(s + j, 8) - sum(sq) - ofS * side) * second, 8)
}

/** out ← Bx of B [count, size]. */
export function timesVector(b: usize, count: u32, size: u32, x: usize, out: usize): void {
  const bytes = (<usize>size) << 3
  for (let row: u32 = 0; row < count; row++, b += bytes, out += 8) {
    let even = f64x2.splat(0)
    let odd = f64x2.splat(0)
    for (let at: usize = 0; at < bytes; at += 32) {
      even = f64x2.add(even, f64x2.mul(v128.load(b + at), v128.load(x + at)))
      odd = f64x2.add(odd, f64x2.mul(v128.load(b + at, 16), v128.load(x + at, 16)))
    }
    store<f64>(out, sum(f64x2.add(even, odd)))
  }
}

/** out ← Bᵀx of B [count, size]. */
export function combineRows(b: usize, count: u32, size: u32, x: usize, out: usize): void {
  const bytes = (<usize>size) << 3
  for (let at: usize = 0; at < bytes; at += 32) {
    let low = f64x2.splat(0)
    let high = f64x2.splat(0)
    let from = b + at
    for (let row: usize = 0; row < <usize>count; row++, from += bytes) {
      const share = v128.load64_splat(x + (row << 3))
      low = f64x2.add(low, f64x2.mul(share, v128.load(from)))
      high = f64x2.add(high, f64x2.mul(share, v128.load(from, 16)))
    }
    v128.store(out + at, low)
    v128.store(out + at, high, 16)
  }
}

/** The sum of both numbers. */
function sum(x: v128): f64 {
  return f64x2.extract_lane(x, 0) + f64x2.extract_lane(x, 1)
}
