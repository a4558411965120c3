/** a[i … i+k)·b[j … j+k); the caller keeps both in bounds. Four sums let the products overlap. */
export function dot(a: Float32Array, i: number, b: Float32Array, j: number, k: number): number {
  let s0 = 0
  let s1 = 0
  let s2 = 0
  let s3 = 0
  let n = 0
  for (; n + 4 <= k; n += 4) {
    s0 += a[i + n]! * b[j + n]!
    s1 += a[i + n + 1]! * b[j + n + 1]!
    s2 += a[i + n + 2]! * b[j + n + 2]!
    s3 += a[i + n + 3]! * b[j + n + 3]!
  }
  for (; n < k; n++) s0 += a[i + n]! * b[j + n]!
  return s0 + s1 + s2 + s3
}

/** a·b of two vectors of one length. */
export function innerProduct(a: Float64Array, b: Float64Array): number {
  return productWithRow(a, 0, b)
}

/** Row i of A [rows, size] times x [size]. Four sums let the products overlap. */
export function productWithRow(a: Float64Array, i: number, x: Float64Array): number {
  const size = x.length
  const row = i * size
  let s0 = 0
  let s1 = 0
  let s2 = 0
  let s3 = 0
  let n = 0
  for (; n + 4 <= size; n += 4) {
    s0 += a[row + n]! * x[n]!
    s1 += a[row + n + 1]! * x[n + 1]!
    s2 += a[row + n + 2]! * x[n + 2]!
    s3 += a[row + n + 3]! * x[n + 3]!
  }
  for (; n < size; n++) s0 += a[row + n]! * x[n]!
  return s0 + s1 + s2 + s3
}
