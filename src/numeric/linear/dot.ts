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

/** a·b of two vectors of one length, summed in order. */
export function innerProduct(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}
