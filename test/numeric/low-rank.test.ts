import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lowRank } from '../../src/numeric/linear/low-rank.ts'
import { orthonormalise } from '../../src/numeric/linear/orthonormal.ts'
import { createRandom } from '../../src/numeric/random/random.ts'

const [rows, columns, size] = [60, 45, 10]
let random = createRandom(5, 'low-rank')
const normals = (length: number, by = 1) =>
  Float64Array.from({ length }, () => by * random.normal())

/** ab [n, m] for a [n, k] and b [m, k] */
const outer = (a: Float64Array, b: Float64Array, n: number, m: number, k: number) =>
  Float64Array.from({ length: n * m }, (_, at) => {
    const [i, j] = [Math.floor(at / m), at % m]
    let sum = 0
    for (let f = 0; f < k; f++) sum += a[i * k + f]! * b[j * k + f]!
    return sum
  })

/** M, its factors, and its projection on bases that see the factors through noise. */
function planted(rank: number, noise: number) {
  random = createRandom(rank, 'low-rank')
  const [u, v] = [normals(rows * rank), normals(columns * rank)]
  const m = outer(u, v, rows, columns, rank)
  const basis = (factors: Float64Array, n: number) => {
    const q = normals(n * size)
    for (let i = 0; i < n; i++)
      for (let f = 0; f < Math.min(rank, size); f++)
        q[i * size + f] = factors[i * rank + f]! + noise * random.normal()
    orthonormalise(q, n, size)
    return q
  }
  const [q, p] = [basis(u, rows), basis(v, columns)]
  const mp = new Float64Array(rows * size)
  const mtq = new Float64Array(columns * size)
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++)
      for (let f = 0; f < size; f++) {
        mp[i * size + f]! += m[i * columns + j]! * p[j * size + f]!
        mtq[j * size + f]! += m[i * columns + j]! * q[i * size + f]!
      }
  return { m, bases: { size, q, p, mp, mtq } }
}

/** The singular vectors that `lowRank` finds by the Gram matrices of both sides. */
function vectorsOf(
  bases: { size: number; q: Float64Array; p: Float64Array; mp: Float64Array; mtq: Float64Array },
  rank: number,
) {
  const both = 2 * bases.size
  const beside = (a: Float64Array, b: Float64Array) =>
    Float64Array.from({ length: 2 * a.length }, (_, at) => {
      const [row, k] = [Math.floor(at / both), at % both]
      return k < bases.size ? a[row * bases.size + k]! : b[row * bases.size + k - bases.size]!
    })
  const [x, y] = [beside(bases.q, bases.mp), beside(bases.p, bases.mtq)]
  const across = (a: Float64Array, wide: number) =>
    a.map((_, at) => a[(at % (a.length / wide)) * wide + Math.floor(at / (a.length / wide))]!)
  const gram = (a: Float64Array) =>
    outer(across(a, both), across(a, both), both, both, a.length / both)
  const { left, right, values } = lowRank({ size: bases.size, left: gram(x), right: gram(y) }, rank)
  const times = (a: Float64Array, w: Float64Array) =>
    outer(a, across(w, rank), a.length / both, rank, both)
  return { left: times(x, left), right: times(y, right), values }
}

const errorOf = ({ m, bases }: ReturnType<typeof planted>, rank: number) => {
  const { left, right, values } = vectorsOf(bases, rank)
  const scaled = left.map((x, i) => x * values[i % rank]!)
  const product = outer(scaled, right, rows, columns, rank)
  const norm = (a: Float64Array) => Math.hypot(...a)
  return norm(product.map((x, i) => x - m[i]!)) / norm(m)
}

test('a matrix whose rank fits is given back, however the bases came about', () => {
  assert.ok(errorOf(planted(6, 0), 6) < 1e-5)
  assert.ok(errorOf(planted(6, 0.3), 10) < 0.1)
  // Of sixteen columns of M the bases know ten, and the products show six more of each side in
  // part.
  assert.ok(errorOf(planted(16, 0), 20) < 0.6)
})

test('of a basis with a column for each row of one side, the other may have seen nothing', () => {
  for (const [n, m] of [
    [12, 30],
    [30, 12],
    [12, 12],
  ] as const) {
    const complete = 16
    const matrix = normals(n * m)
    const basis = (length: number) => {
      const columns =
        length > complete ? new Float64Array(length * complete) : normals(length * complete)
      orthonormalise(columns, length, complete)
      return columns
    }
    const [q, p] = [basis(n), basis(m)]
    const transposed = matrix.map((_, at) => matrix[(at % n) * m + Math.floor(at / n)]!)
    const columnsOf = (a: Float64Array, rows: number) =>
      Float64Array.from(
        { length: complete * rows },
        (_, at) => a[(at % rows) * complete + Math.floor(at / rows)]!,
      )
    const mp = outer(matrix, columnsOf(p, m), n, complete, m)
    const mtq = outer(transposed, columnsOf(q, n), m, complete, n)
    const { left, right, values } = vectorsOf({ size: complete, q, p, mp, mtq }, 12)
    const back = outer(
      left.map((x, i) => x * values[i % 12]!),
      right,
      n,
      m,
      12,
    )
    for (const [at, x] of back.entries()) assert.ok(Math.abs(x - matrix[at]!) < 1e-6)
  }
})

test('of columns, one that others make up becomes zeros, and the rest orthonormal', () => {
  const a = normals(rows * 3)
  for (let i = 0; i < rows; i++) a[i * 3 + 2] = 2 * a[i * 3]! - a[i * 3 + 1]!
  const before = a.slice()
  const r = orthonormalise(a, rows, 3)
  for (let i = 0; i < 3; i++)
    for (let j = 0; j < 3; j++) {
      let product = 0
      for (let row = 0; row < rows; row++) product += a[row * 3 + i]! * a[row * 3 + j]!
      assert.ok(Math.abs(product - (i === j && i < 2 ? 1 : 0)) < 1e-12)
    }
  for (let row = 0; row < rows; row++)
    for (let j = 0; j < 3; j++) {
      let sum = 0
      for (let i = 0; i < 3; i++) sum += a[row * 3 + i]! * r[i * 3 + j]!
      assert.ok(Math.abs(sum - before[row * 3 + j]!) < 1e-9)
    }
})
