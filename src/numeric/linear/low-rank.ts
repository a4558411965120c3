import { orthonormalise } from './orthonormal.ts'
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
 * A basis of as many columns as M has there spans all, and one side says everything: M = MP·Pᵀ.
 */
export function lowRank(projection: Projection, rank: number): LowRank {
  const { left, core, right, size } = factored(projection)
  const { values: squares, vectors } = symmetricEigen(transposedTimes(core, core, size, size), size)
  const values = new Float64Array(rank)
  const y = new Float64Array(size * rank)
  const count = Math.min(rank, size)
  for (let k = 0; k < count && squares[k]! > 1e-14 * squares[0]!; k++) {
    values[k] = Math.sqrt(squares[k]!)
    for (let i = 0; i < size; i++) y[i * rank + k] = vectors[k]![i]!
  }
  const x = product(core, y, size, size, rank).map((sum, at) => {
    const value = values[at % rank]!
    return value > 0 ? sum / value : 0
  })
  return { left: spanned(left, x, rank), right: spanned(right, y, rank), values }
}

/** Orthonormal columns [rows, size] side by side. */
type Side = { readonly rows: number; readonly blocks: readonly Float64Array[] }

/** M ≈ left·core·rightᵀ, core [size, size]. */
function factored({ rows, columns, size, q, p, mp, mtq }: Projection) {
  if (size >= columns) {
    const basis = mp.slice()
    const core = orthonormalise(basis, rows, size)
    return { left: { rows, blocks: [basis] }, core, right: { rows: columns, blocks: [p] }, size }
  }
  if (size >= rows) {
    const basis = mtq.slice()
    const core = transpose(orthonormalise(basis, columns, size), size)
    return { left: { rows, blocks: [q] }, core, right: { rows: columns, blocks: [basis] }, size }
  }
  const c = transposedTimes(q, mp, rows, size)
  const q2 = without(mp, q, c, rows, size)
  const p2 = without(mtq, p, transpose(c, size), columns, size)
  const z = orthonormalise(q2, rows, size)
  const w = orthonormalise(p2, columns, size)
  return {
    left: { rows, blocks: [q, q2] },
    core: coreOf(c, z, w, size),
    right: { rows: columns, blocks: [p, p2] },
    size: 2 * size,
  }
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

/** The columns of a side times those of v [size of all blocks, rank]: [rows, rank] */
function spanned({ rows, blocks }: Side, v: Float64Array, rank: number): Float64Array {
  const inner = v.length / rank / blocks.length
  const parts = blocks.map((block, i) => {
    return product(block, v.subarray(i * inner * rank, (i + 1) * inner * rank), rows, inner, rank)
  })
  return parts.length === 1 ? parts[0]! : parts[0]!.map((x, at) => x + parts[1]![at]!)
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

/** aᵀb [size, size] for a and b [rows, size] */
function transposedTimes(a: Float64Array, b: Float64Array, rows: number, size: number) {
  const out = new Float64Array(size * size)
  for (let row = 0; row < rows; row++)
    for (let i = 0; i < size; i++) {
      const by = a[row * size + i]!
      for (let j = 0; j < size; j++) out[i * size + j]! += by * b[row * size + j]!
    }
  return out
}

function transpose(a: Float64Array, size: number): Float64Array {
  return a.map((_, at) => a[(at % size) * size + Math.floor(at / size)]!)
}

/** a − qc */
function without(a: Float64Array, q: Float64Array, c: Float64Array, rows: number, size: number) {
  const along = product(q, c, rows, size, size)
  return a.map((x, at) => x - along[at]!)
}
