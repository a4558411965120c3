import { symmetricEigen } from './symmetric-eigen.ts'

/**
 * A matrix M [rows, columns] that is never formed, by its products with a basis of each side:
 * orthonormal columns Q [rows, size] and P [columns, size]. All in C order.
 */
export type Projection = {
  readonly rows: number
  readonly columns: number
  readonly size: number
  readonly q: Float64Array
  readonly p: Float64Array
  /** MP [rows, size] and MᵀQ [columns, size]. */
  readonly mp: Float64Array
  readonly mtq: Float64Array
}

/**
 * The largest singular values of a matrix and their vectors, orthonormal columns of [rows, rank]
 * and [columns, rank].
 */
export type LowRank = {
  readonly left: Float64Array
  readonly right: Float64Array
  /** [rank], falling. */
  readonly values: Float64Array
}

/**
 * The matrix of a rank that is nearest to M, or nearly: what lies in the span of Q or of P is seen,
 * so that the error before the smallest are dropped is (I − QQᵀ)·M·(I − PPᵀ), small on either side.
 *
 *   C = QᵀMP      Q₂Z = MP − QC      P₂W = MᵀQ − PCᵀ      (Q₂ and P₂ orthonormal)
 *   M ≈ [Q Q₂]·K·[P P₂]ᵀ with K = [C Wᵀ; Z 0] = XΣYᵀ      left = [Q Q₂]X      right = [P P₂]Y
 *
 * Cost some five products of [rows, size]·[size, size] on each side, and eigenpairs of 2·size rows.
 */
export function lowRank(projection: Projection, rank: number): LowRank {
  const { rows, columns, size, q, p, mp, mtq } = projection
  const c = transposedTimes(q, mp, rows, size, size)
  const besideQ = beside(mp, q, c, rows, size)
  const besideP = beside(mtq, p, transpose(c, size, size), columns, size)
  const core = coreOf(c, besideQ.r, besideP.r, size)
  const { values: squares, vectors } = symmetricEigen(
    transposedTimes(core, core, 2 * size, 2 * size, 2 * size),
    2 * size,
  )
  const values = Float64Array.from(squares.subarray(0, rank), (square) =>
    square > 1e-14 * squares[0]! ? Math.sqrt(square) : 0,
  )
  // Columns of no value become zeros.
  const y = new Float64Array(2 * size * rank)
  for (const [k, value] of values.entries())
    if (value > 0) for (let i = 0; i < 2 * size; i++) y[i * rank + k] = vectors[k]![i]!
  const x = product(core, y, 2 * size, 2 * size, rank).map((sum, at) => {
    const value = values[at % rank]!
    return value > 0 ? sum / value : 0
  })
  return {
    left: spread(q, besideQ, x, rows, size, rank),
    right: spread(p, besideP, y, columns, size, rank),
    values,
  }
}

/** What of a [rows, size] lies beside the span of Q: d = a − QC = Q₂R, with Q₂ = dT orthonormal. */
type Beside = {
  readonly d: Float64Array
  /** R and T [size, size]; of what d does not span they are zeros. */
  readonly r: Float64Array
  readonly t: Float64Array
}

/** From dᵀd = VΛVᵀ: T = VΛ^−½ and R = Λ^½Vᵀ. */
function beside(
  a: Float64Array,
  q: Float64Array,
  c: Float64Array,
  rows: number,
  size: number,
): Beside {
  const d = product(q, c, rows, size, size)
  for (let at = 0; at < d.length; at++) d[at] = a[at]! - d[at]!
  const { values, vectors } = symmetricEigen(transposedTimes(d, d, rows, size, size), size)
  const r = new Float64Array(size * size)
  const t = new Float64Array(size * size)
  for (const [k, vector] of vectors.entries()) {
    if (!(values[k]! > 1e-14 * values[0]!)) break
    const root = Math.sqrt(values[k]!)
    for (let i = 0; i < size; i++) {
      r[k * size + i] = root * vector[i]!
      t[i * size + k] = vector[i]! / root
    }
  }
  return { d, r, t }
}

/** [C Wᵀ; Z 0] */
function coreOf(c: Float64Array, z: Float64Array, w: Float64Array, size: number): Float64Array {
  const core = new Float64Array(4 * size * size)
  for (let i = 0; i < size; i++)
    for (let j = 0; j < size; j++) {
      core[i * 2 * size + j] = c[i * size + j]!
      core[i * 2 * size + size + j] = w[j * size + i]!
      core[(size + i) * 2 * size + j] = z[i * size + j]!
    }
  return core
}

/** [Q Q₂]x [rows, rank] for x [2·size, rank] */
function spread(
  q: Float64Array,
  { d, t }: Beside,
  x: Float64Array,
  rows: number,
  size: number,
  rank: number,
): Float64Array {
  const out = product(q, x.subarray(0, size * rank), rows, size, rank)
  const within = product(t, x.subarray(size * rank), size, size, rank)
  return addProduct(out, d, within, rows, size, rank)
}

/** ab [rows, columns] for a [rows, inner] and b [inner, columns] */
function product(a: Float64Array, b: Float64Array, rows: number, inner: number, columns: number) {
  return addProduct(new Float64Array(rows * columns), a, b, rows, inner, columns)
}

/** out += ab; four rows of b at a time, so that a sum is read and written once for four products. */
function addProduct(
  out: Float64Array,
  a: Float64Array,
  b: Float64Array,
  rows: number,
  inner: number,
  columns: number,
): Float64Array {
  for (let i = 0; i < rows; i++) {
    const [from, to] = [i * inner, i * columns]
    let k = 0
    for (; k + 4 <= inner; k += 4) {
      const [w, x, y, z] = [a[from + k]!, a[from + k + 1]!, a[from + k + 2]!, a[from + k + 3]!]
      const at = k * columns
      for (let j = 0; j < columns; j++)
        out[to + j]! +=
          w * b[at + j]! +
          x * b[at + columns + j]! +
          y * b[at + 2 * columns + j]! +
          z * b[at + 3 * columns + j]!
    }
    for (; k < inner; k++)
      for (let j = 0; j < columns; j++) out[to + j]! += a[from + k]! * b[k * columns + j]!
  }
  return out
}

/** aᵀb [size, columns] for a [rows, size] and b [rows, columns], in blocks of rows. */
function transposedTimes(
  a: Float64Array,
  b: Float64Array,
  rows: number,
  size: number,
  columns: number,
): Float64Array {
  const out = new Float64Array(size * columns)
  for (let row = 0; row < rows; row += blockRows) {
    const count = Math.min(blockRows, rows - row)
    const across = transpose(a.subarray(row * size, (row + count) * size), count, size)
    addProduct(
      out,
      across,
      b.subarray(row * columns, (row + count) * columns),
      size,
      count,
      columns,
    )
  }
  return out
}

const blockRows = 64

/** aᵀ [columns, rows] of a [rows, columns] */
function transpose(a: Float64Array, rows: number, columns: number): Float64Array {
  const out = new Float64Array(a.length)
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) out[j * rows + i] = a[i * columns + j]!
  return out
}
