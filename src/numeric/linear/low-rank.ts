import { symmetricEigen } from './symmetric-eigen.ts'

/**
 * A matrix M that is never formed, by its products with a basis of each side: orthonormal columns Q
 * and P, or zeros, `size` of each. Of X = [Q MP] and Y = [P MᵀQ], which have as many rows as M has
 * rows and columns, only XᵀX and YᵀY are looked at, [2·size, 2·size] in C order.
 */
export type Projection = {
  readonly size: number
  readonly left: Float64Array
  readonly right: Float64Array
}

/**
 * The largest singular values of a matrix, falling, [rank]; their vectors are the columns of X·left and
 * Y·right, `left` and `right` being [2·size, rank]. What M has no more of is zeros.
 */
export type LowRank = {
  readonly left: Float64Array
  readonly right: Float64Array
  readonly values: Float64Array
}

/**
 * The matrix of a rank that is nearest to M, or nearly: what lies in the span of Q or of P is seen,
 * so that the error before the smallest are dropped is (I − QQᵀ)·M·(I − PPᵀ), small on either side.
 *
 *   M ≈ QQᵀM + (I − QQᵀ)·MP·Pᵀ = X·K·Yᵀ      K = [−QᵀMP  I; I  0]
 *
 * With XᵀX = AAᵀ and YᵀY = BBᵀ the singular values of that are those of AᵀKB.
 */
export function lowRank({ size, left, right }: Projection, rank: number): LowRank {
  const both = 2 * size
  const a = factored(left, both)
  const b = factored(right, both)
  const middle = new Float64Array(both * both)
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) middle[i * both + j] = -left[i * both + size + j]!
    middle[i * both + size + i] = 1
    middle[(size + i) * both + i] = 1
  }
  const core = product(
    transpose(a.factor, both),
    product(middle, b.factor, both, both, both),
    both,
    both,
    both,
  )
  const { values: squares, vectors } = symmetricEigen(
    product(transpose(core, both), core, both, both, both),
    both,
  )
  const values = new Float64Array(rank)
  const y = new Float64Array(both * rank)
  for (let k = 0; k < Math.min(rank, both) && squares[k]! > 1e-14 * squares[0]!; k++) {
    values[k] = Math.sqrt(squares[k]!)
    for (let i = 0; i < both; i++) y[i * rank + k] = vectors[k]![i]!
  }
  const x = product(core, y, both, both, rank).map((sum, at) => {
    const value = values[at % rank]!
    return value > 0 ? sum / value : 0
  })
  return {
    left: product(a.inverse, x, both, both, rank),
    right: product(b.inverse, y, both, both, rank),
    values,
  }
}

/**
 * W [size, size] with (XW)ᵀXW = I, from XᵀX; columns of zeros for what makes up no direction of its
 * own (Stathopoulos & Wu, "A block orthogonalization procedure with constant synchronization
 * requirements", 2002).
 */
export function orthonormalising(gram: Float64Array, size: number): Float64Array {
  return factored(gram, size).inverse
}

/** Directions that are this much shorter than the longest, squared, are taken for rounding. */
const leastSquare = 1e-12

/**
 * A with AAᵀ = G and the W of `orthonormalising`, for which WᵀG = Aᵀ, [size, size] both: with the
 * columns of X scaled to length 1 first, so that short ones count, and their Gram matrix UΛUᵀ,
 * A = SU√Λ and W = S⁻¹U/√Λ.
 */
function factored(gram: Float64Array, size: number) {
  const scale = Float64Array.from({ length: size }, (_, i) => {
    const square = gram[i * size + i]!
    return square > 0 ? Math.sqrt(square) : 1
  })
  const scaled = gram.map((x, at) => x / (scale[Math.floor(at / size)]! * scale[at % size]!))
  const { values, vectors } = symmetricEigen(scaled, size)
  const factor = new Float64Array(size * size)
  const inverse = new Float64Array(size * size)
  for (let k = 0; k < size && values[k]! > leastSquare * values[0]!; k++) {
    const root = Math.sqrt(values[k]!)
    for (let i = 0; i < size; i++) {
      factor[i * size + k] = scale[i]! * vectors[k]![i]! * root
      inverse[i * size + k] = vectors[k]![i]! / (scale[i]! * root)
    }
  }
  return { factor, inverse }
}

/**
 * ab [rows, columns] for a [rows, inner] and b [inner, columns]; four rows of b at a time, so that a
 * sum is read and written once for four products.
 */
function product(a: Float64Array, b: Float64Array, rows: number, inner: number, columns: number) {
  const out = new Float64Array(rows * columns)
  for (let i = 0; i < rows; i++) {
    const to = i * columns
    let k = 0
    for (; k + 4 <= inner; k += 4) {
      const [from, at] = [i * inner + k, k * columns]
      const [w, x, y, z] = [a[from]!, a[from + 1]!, a[from + 2]!, a[from + 3]!]
      for (let j = at; j < at + columns; j++)
        out[to + j - at]! +=
          w * b[j]! + x * b[j + columns]! + y * b[j + 2 * columns]! + z * b[j + 3 * columns]!
    }
    for (; k < inner; k++)
      for (let j = 0; j < columns; j++) out[to + j]! += a[i * inner + k]! * b[k * columns + j]!
  }
  return out
}

function transpose(a: Float64Array, size: number): Float64Array {
  return a.map((_, at) => a[(at % size) * size + Math.floor(at / size)]!)
}
