/** Under this share of its diagonal entry a pivot is nothing but rounding. */
const smallestPivot = 1e-12

/**
 * A = LLᵀ for a symmetric positive semidefinite A [size, size] in C order, by rows (Golub & Van Loan,
 * "Matrix Computations", 4.2). Only the lower half of A is read, and L is written over it. Where a
 * pivot is nothing but rounding, its column of L is zero. Yields after each row; O(size³ / 6) in all.
 */
export function* choleskySteps(a: Float64Array, size: number): Generator<void, void> {
  for (let i = 0; i < size; i++, yield) {
    const diagonal = a[i * size + i]!
    for (let j = 0; j <= i; j++) {
      let sum = a[i * size + j]!
      for (let n = 0; n < j; n++) sum -= a[i * size + n]! * a[j * size + n]!
      const pivot = a[j * size + j]!
      if (i > j) a[i * size + j] = pivot > 0 ? sum / pivot : 0
      else a[i * size + i] = sum > smallestPivot * diagonal ? Math.sqrt(sum) : 0
    }
  }
}

/** Solves LLᵀx = b for the L of `choleskySteps`, with x 0 at its zero pivots; b [size] becomes x. */
export function solveCholesky(l: Float64Array, size: number, b: Float64Array): void {
  for (let i = 0; i < size; i++) {
    let sum = b[i]!
    for (let n = 0; n < i; n++) sum -= l[i * size + n]! * b[n]!
    b[i] = divide(sum, l[i * size + i]!)
  }
  for (let i = size - 1; i >= 0; i--) {
    let sum = b[i]!
    for (let n = i + 1; n < size; n++) sum -= l[n * size + i]! * b[n]!
    b[i] = divide(sum, l[i * size + i]!)
  }
}

function divide(sum: number, pivot: number): number {
  return pivot > 0 ? sum / pivot : 0
}

/** Lx of a lower triangular L [size, size], into `out`. */
export function timesLower(l: Float64Array, x: Float64Array, out: Float64Array): void {
  const size = x.length
  for (let i = 0; i < size; i++) {
    let sum = 0
    for (let j = 0; j <= i; j++) sum += l[i * size + j]! * x[j]!
    out[i] = sum
  }
}

/** Lᵀx, into `out`. */
export function timesLowerTransposed(l: Float64Array, x: Float64Array, out: Float64Array): void {
  const size = x.length
  out.fill(0)
  for (let i = 0; i < size; i++) {
    const xi = x[i]!
    for (let j = 0; j <= i; j++) out[j]! += l[i * size + j]! * xi
  }
}
