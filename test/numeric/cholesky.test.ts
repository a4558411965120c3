import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  factorise,
  solveCholesky,
  timesLower,
  timesLowerTransposed,
} from '../../src/numeric/linear/cholesky.ts'
import { createRandom } from '../../src/numeric/random/random.ts'

/** XᵀX of random rows: positive definite when there are at least `size` of them. */
function gram(rows: number, size: number): Float64Array {
  const random = createRandom(3, 'cholesky')
  const x = Array.from({ length: rows }, () => Array.from({ length: size }, () => random.normal()))
  return Float64Array.from({ length: size * size }, (_, at) =>
    x.reduce((sum, row) => sum + row[Math.floor(at / size)]! * row[at % size]!, 0),
  )
}
const times = (a: Float64Array, x: Float64Array) =>
  x.map((_, i) => x.reduce((sum, value, j) => sum + a[i * x.length + j]! * value, 0))
const near = (actual: Float64Array, expected: Float64Array) => {
  for (const [i, value] of expected.entries())
    assert.ok(Math.abs(actual[i]! - value) < 1e-9, `${actual[i]} is near ${value}`)
}

test('the factor solves the equations of its matrix', () => {
  const size = 7
  const a = gram(20, size)
  const x = Float64Array.from({ length: size }, (_, i) => i - 2.5)
  const b = times(a, x)
  const l = a.slice()
  factorise(l, size)
  solveCholesky(l, size, b)
  near(b, x)
})

test('LLᵀ is the matrix, also of one that has no inverse', () => {
  const size = 6
  for (const rows of [12, 3]) {
    const a = gram(rows, size)
    const l = a.slice()
    factorise(l, size)
    const x = Float64Array.from({ length: size }, (_, i) => 1 / (i + 1))
    const [middle, product] = [new Float64Array(size), new Float64Array(size)]
    timesLowerTransposed(l, x, middle)
    timesLower(l, middle, product)
    near(product, times(a, x))
  }
})
