import { symmetricEigen } from './symmetric-eigen.ts'

/** A sketch of a matrix M [rows, columns]: products with random test matrices, in C order. */
export type Sketch = {
  readonly rows: number
  readonly columns: number
  /** Y = MΩ [rows, range] with Ω [columns, range]. */
  readonly range: number
  readonly y: ArrayLike<number>
  /** W = MᵀΨ [columns, corange] with Ψ [rows, corange]. */
  readonly corange: number
  readonly w: ArrayLike<number>
  readonly psi: ArrayLike<number>
}

/**
 * Factors L [rows, rank] and R [columns, rank] with LRᵀ ≈ M, from products with M alone (Tropp,
 * Yurtsever, Udell and Cevher, "Practical sketching algorithms for low-rank matrix approximation",
 * 2017, algorithm 4 and 7): with Q an orthonormal basis of Y,
 *
 *   X = (ΨᵀQ)⁺Wᵀ      M ≈ QX      XXᵀ = VΣ²Vᵀ      L = QV√Σ      R = XᵀV/√Σ      of the largest Σ
 */
export function lowRank(sketch: Sketch, rank: number): { left: Float32Array; right: Float32Array } {
  const { rows, columns, range, corange, psi, w } = sketch
  const q = Float64Array.from(sketch.y)
  orthonormalise(q, rows, range)
  // T = ΨᵀQ [corange, range] = Q_T·R_T, so that T⁺ = R_T⁻¹·Q_Tᵀ
  const t = transposedProduct(psi, q, rows, corange, range)
  const r = orthonormalise(t, corange, range)
  const x = new Float64Array(columns * range)
  const z = new Float64Array(range)
  for (let column = 0; column < columns; column++) {
    z.fill(0)
    for (let i = 0; i < corange; i++) {
      const by = w[column * corange + i]!
      for (let j = 0; j < range; j++) z[j]! += by * t[i * range + j]!
    }
    for (let i = range - 1; i >= 0; i--) {
      let sum = z[i]!
      for (let j = i + 1; j < range; j++) sum -= r[i * range + j]! * z[j]!
      z[i] = r[i * range + i]! > 0 ? sum / r[i * range + i]! : 0
    }
    x.set(z, column * range)
  }
  const { values, vectors } = symmetricEigen(transposedProduct(x, x, columns, range, range), range)
  const left = new Float32Array(rows * rank)
  const right = new Float32Array(columns * rank)
  for (let k = 0; k < Math.min(rank, range); k++) {
    // The eigenvalues are the squares of what is to be shared out.
    const root = Math.max(values[k]!, 0) ** 0.25
    if (root <= 1e-8 * values[0]! ** 0.25) break
    project(q, vectors[k]!, root, left, k, rank)
    project(x, vectors[k]!, 1 / root, right, k, rank)
  }
  return { left, right }
}

/** Column `at` of out [rows, rank] ← scale·(a·v) */
function project(
  a: Float64Array,
  v: Float64Array,
  scale: number,
  out: Float32Array,
  at: number,
  rank: number,
) {
  const size = v.length
  for (let row = 0; row * size < a.length; row++) {
    let sum = 0
    for (let i = 0; i < size; i++) sum += a[row * size + i]! * v[i]!
    out[row * rank + at] = scale * sum
  }
}

/** aᵀb [m, n] for a [rows, m] and b [rows, n] */
function transposedProduct(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  rows: number,
  m: number,
  n: number,
) {
  const out = new Float64Array(m * n)
  for (let row = 0; row < rows; row++)
    for (let i = 0; i < m; i++) {
      const by = a[row * m + i]!
      for (let j = 0; j < n; j++) out[i * n + j]! += by * b[row * n + j]!
    }
  return out
}

/**
 * Makes the columns of a [rows, columns] orthonormal in place, by Gram–Schmidt on the rows of a Cholesky factor done
 * twice; gives the upper triangle R [columns, columns] with a = qR. Columns that are combinations of those before become 0.
 */
function orthonormalise(a: Float64Array, rows: number, columns: number): Float64Array {
  const r = new Float64Array(columns * columns)
  for (let j = 0; j < columns; j++) {
    let before = 0
    for (let row = 0; row < rows; row++) before += a[row * columns + j]! ** 2
    for (let pass = 0; pass < 2; pass++) {
      const along = new Float64Array(j)
      for (let row = 0; row < rows; row++) {
        const x = a[row * columns + j]!
        for (let i = 0; i < j; i++) along[i]! += a[row * columns + i]! * x
      }
      for (let row = 0; row < rows; row++) {
        let x = a[row * columns + j]!
        for (let i = 0; i < j; i++) x -= along[i]! * a[row * columns + i]!
        a[row * columns + j] = x
      }
      for (let i = 0; i < j; i++) r[i * columns + j]! += along[i]!
    }
    let square = 0
    for (let row = 0; row < rows; row++) square += a[row * columns + j]! ** 2
    const norm = square > 1e-20 * before ? Math.sqrt(square) : 0
    r[j * columns + j] = norm
    for (let row = 0; row < rows; row++)
      a[row * columns + j] = norm > 0 ? a[row * columns + j]! / norm : 0
  }
  return r
}
