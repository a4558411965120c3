/**
 * The lower triangle L of A = LLᵀ [size, size] in C order, zeros above. A RangeError where A is not
 * positive definite.
 */
export function cholesky(a: ArrayLike<number>, size: number): Float64Array {
  const l = new Float64Array(size * size)
  for (let i = 0; i < size; i++)
    for (let j = 0; j <= i; j++) {
      let sum = a[i * size + j]!
      for (let p = 0; p < j; p++) sum -= l[i * size + p]! * l[j * size + p]!
      if (i !== j) l[i * size + j] = sum / l[j * size + j]!
      else if (sum > 0) l[i * size + i] = Math.sqrt(sum)
      else throw new RangeError('the matrix is not positive definite')
    }
  return l
}

/** b ← L⁻ᵀb for one column. */
export function solveLowerTransposed(l: Float64Array, b: Float64Array): void {
  const size = b.length
  for (let i = size - 1; i >= 0; i--) {
    const x = b[i]! / l[i * size + i]!
    b[i] = x
    for (let p = 0; p < i; p++) b[p]! -= l[i * size + p]! * x
  }
}
