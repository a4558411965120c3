/** Under this share of its diagonal entry a pivot is nothing but rounding. */
const smallestPivot = 1e-12

/**
 * The Cholesky factorisation A = LLᵀ of a symmetric positive semidefinite A [size, size] in C
 * order, by columns (Golub & Van Loan, "Matrix Computations", 4.2). Only the lower half of A is read,
 * and L is written over it. Where a pivot is nothing but rounding, its column of L is zero. O(size³
 * / 6). Four rows of a column at a time: their sums overlap.
 */
export function factorise(a: Float64Array, size: number): void {
  for (let j = 0; j < size; j++) {
    const own = j * size
    const diagonal = a[own + j]!
    let sum = diagonal
    for (let n = 0; n < j; n++) sum -= a[own + n]! * a[own + n]!
    const pivot = sum > smallestPivot * diagonal ? Math.sqrt(sum) : 0
    a[own + j] = pivot
    let i = j + 1
    for (; i + 4 <= size; i += 4) {
      const p = i * size
      const q = p + size
      const r = q + size
      const s = r + size
      let s0 = a[p + j]!
      let s1 = a[q + j]!
      let s2 = a[r + j]!
      let s3 = a[s + j]!
      for (let n = 0; n < j; n++) {
        const x = a[own + n]!
        s0 -= a[p + n]! * x
        s1 -= a[q + n]! * x
        s2 -= a[r + n]! * x
        s3 -= a[s + n]! * x
      }
      a[p + j] = divide(s0, pivot)
      a[q + j] = divide(s1, pivot)
      a[r + j] = divide(s2, pivot)
      a[s + j] = divide(s3, pivot)
    }
    for (; i < size; i++) {
      const p = i * size
      let s0 = a[p + j]!
      for (let n = 0; n < j; n++) s0 -= a[p + n]! * a[own + n]!
      a[p + j] = divide(s0, pivot)
    }
  }
}

/**
 * The lower triangle L of A = LLᵀ [size, size] in C order, zeros above. A RangeError where A is not
 * positive definite.
 */
export function cholesky(a: ArrayLike<number>, size: number): Float64Array {
  const l = new Float64Array(size * size)
  for (let i = 0; i < size; i++) for (let j = 0; j <= i; j++) l[i * size + j] = a[i * size + j]!
  factorise(l, size)
  for (let i = 0; i < size; i++)
    if (!(l[i * size + i]! > 0)) throw new RangeError('the matrix is not positive definite')
  return l
}

/** Solves LLᵀx = b, with x 0 at zero pivots of L; b [size] becomes x. */
export function solveCholesky(l: Float64Array, size: number, b: Float64Array): void {
  for (let i = 0; i < size; i++) {
    let sum = b[i]!
    for (let n = 0; n < i; n++) sum -= l[i * size + n]! * b[n]!
    b[i] = divide(sum, l[i * size + i]!)
  }
  solveLowerTransposed(l, b)
}

/** Solves Lᵀx = b for a lower triangular L, with x 0 at its zero pivots; b [size] becomes x. */
export function solveLowerTransposed(l: Float64Array, b: Float64Array): void {
  const size = b.length
  for (let i = size - 1; i >= 0; i--) {
    const x = divide(b[i]!, l[i * size + i]!)
    b[i] = x
    for (let p = 0; p < i; p++) b[p]! -= l[i * size + p]! * x
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

/** Lᵀx of a lower triangular L [size, size], into `out`. */
export function timesLowerTransposed(l: Float64Array, x: Float64Array, out: Float64Array): void {
  const size = x.length
  out.fill(0)
  for (let i = 0; i < size; i++) {
    const xi = x[i]!
    for (let j = 0; j <= i; j++) out[j]! += l[i * size + j]! * xi
  }
}

/** A += c·vvᵀ on and below the diagonal, v being the `size` numbers of `data` from `at`. */
export function addOuter(
  a: Float64Array,
  size: number,
  data: Float64Array | Float32Array,
  at: number,
  c: number,
): void {
  for (let p = 0; p < size; p++) {
    const scaled = c * data[at + p]!
    for (let q = 0; q <= p; q++) a[p * size + q]! += scaled * data[at + q]!
  }
}
