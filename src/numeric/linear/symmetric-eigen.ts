const maxSweeps = 60

/**
 * Eigenvalues, falling, and the unit eigenvector of each: `vectors[i]` [size] belongs to
 * `values[i]`.
 */
export type Eigen = { readonly values: Float64Array; readonly vectors: readonly Float64Array[] }

/**
 * All eigenpairs of a symmetric matrix [size, size] in C order, by cyclic Jacobi rotations (Golub &
 * Van Loan, "Matrix Computations", 8.5). Each rotation zeroes one pair of entries:
 *
 *   θ = (a_qq − a_pp) / (2·a_pq)    t = sign(θ) / (|θ| + √(θ² + 1))    c = 1/√(t² + 1)    s = t·c
 *
 * Cost O(size³) a sweep, some ten sweeps: meant for up to a few hundred rows.
 */
export function symmetricEigen(matrix: ArrayLike<number>, size: number): Eigen {
  const a = Float64Array.from(matrix)
  const v = new Float64Array(size * size)
  for (let i = 0; i < size; i++) v[i * size + i] = 1
  const scale = Math.hypot(...Array.from({ length: size }, (_, i) => a[i * size + i]!))
  for (let sweep = 0; sweep < maxSweeps; sweep++) {
    let offDiagonal = 0
    for (let p = 0; p < size; p++)
      for (let q = p + 1; q < size; q++) {
        offDiagonal += Math.abs(a[p * size + q]!)
        rotate(a, v, size, p, q)
      }
    if (offDiagonal <= 1e-14 * scale) break
  }
  const order = Array.from({ length: size }, (_, i) => i).sort(
    (i, j) => a[j * size + j]! - a[i * size + i]!,
  )
  return {
    values: Float64Array.from(order, (i) => a[i * size + i]!),
    vectors: order.map((i) => Float64Array.from({ length: size }, (_, row) => v[row * size + i]!)),
  }
}

function rotate(a: Float64Array, v: Float64Array, size: number, p: number, q: number): void {
  const apq = a[p * size + q]!
  if (apq === 0) return
  const theta = (a[q * size + q]! - a[p * size + p]!) / (2 * apq)
  const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1))
  const c = 1 / Math.sqrt(t * t + 1)
  const s = t * c
  for (let i = 0; i < size; i++) mix(a, i * size + p, i * size + q, c, s)
  for (let i = 0; i < size; i++) mix(a, p * size + i, q * size + i, c, s)
  for (let i = 0; i < size; i++) mix(v, i * size + p, i * size + q, c, s)
}

function mix(array: Float64Array, i: number, j: number, c: number, s: number): void {
  const x = array[i]!
  const y = array[j]!
  array[i] = c * x - s * y
  array[j] = s * x + c * y
}
