import { createRandom } from '../random/random.ts'
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
 */
export function lowRank(projection: Projection, rank: number): LowRank {
  const { rows, columns, size, q, p, mp, mtq } = projection
  const c = transposedTimes(q, mp, rows, size)
  const q2 = without(mp, q, c, rows, size)
  const p2 = without(mtq, p, transpose(c, size), columns, size)
  const z = orthonormalise(q2, rows, size)
  const w = orthonormalise(p2, columns, size)
  const core = coreOf(c, z, w, size)
  const gram = transposedTimes(core, core, 2 * size, 2 * size)
  const { values: squares, vectors } = largestEigen(gram, 2 * size, rank)
  const left = new Float64Array(rows * rank)
  const right = new Float64Array(columns * rank)
  const values = new Float64Array(rank)
  for (const [k, y] of vectors.entries()) {
    const sigma = Math.sqrt(Math.max(0, squares[k]!))
    if (sigma <= 1e-7 * Math.sqrt(squares[0]!)) break
    values[k] = sigma
    spread(q, q2, product(core, y, y.length, y.length, 1), 1 / sigma, left, k, rank)
    spread(p, p2, y, 1, right, k, rank)
  }
  return { left, right, values }
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

const iterations = 30
const spare = 8

/**
 * The largest eigenpairs of a positive matrix [size, size], by subspace iteration (Golub & Van Loan
 * 8.2).
 */
function largestEigen(matrix: Float64Array, size: number, count: number) {
  const width = Math.min(size, count + spare)
  const random = createRandom(1, 'subspace')
  let block = Float64Array.from({ length: size * width }, () => random.normal())
  const next = () => product(matrix, block, size, size, width)
  for (let i = 0; i < iterations; i++) {
    block = next()
    orthonormalise(block, size, width)
  }
  const small = transposedTimes(block, next(), size, width)
  const { values, vectors } = symmetricEigen(small, width)
  return {
    values,
    vectors: vectors.slice(0, count).map((v) => product(block, v, size, width, 1)),
  }
}

/** ab [rows, columns] for a [rows, inner] and b [inner, columns] */
function product(a: Float64Array, b: Float64Array, rows: number, inner: number, columns: number) {
  const out = new Float64Array(rows * columns)
  for (let i = 0; i < rows; i++)
    for (let k = 0; k < inner; k++) {
      const by = a[i * inner + k]!
      for (let j = 0; j < columns; j++) out[i * columns + j]! += by * b[k * columns + j]!
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

/** Column `at` of out [rows, rank] ← scale·[a b]v */
function spread(
  a: Float64Array,
  b: Float64Array,
  v: Float64Array,
  scale: number,
  out: Float64Array,
  at: number,
  rank: number,
): void {
  const size = v.length / 2
  for (let row = 0; row * size < a.length; row++) {
    let sum = 0
    for (let i = 0; i < size; i++)
      sum += a[row * size + i]! * v[i]! + b[row * size + i]! * v[size + i]!
    out[row * rank + at] = scale * sum
  }
}
