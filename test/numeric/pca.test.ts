import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pca } from '../../src/numeric/linear/pca.ts'
import { symmetricEigen } from '../../src/numeric/linear/symmetric-eigen.ts'
import { createRandom } from '../../src/numeric/random/random.ts'

const near = (actual: number, expected: number, tolerance = 1e-9) =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is near ${expected}`)

function normals(length: number, seed: number): Float64Array {
  const random = createRandom(seed, 'pca-test')
  return Float64Array.from({ length }, () => random.normal())
}

test('the eigenpairs of a random symmetric matrix satisfy A·v = λ·v, fall, and are orthonormal', () => {
  const size = 20
  const raw = normals(size * size, 1)
  const matrix = raw.map((_, i) => {
    const [p, q] = [Math.floor(i / size), i % size]
    return raw[p * size + q]! + raw[q * size + p]!
  })
  const { values, vectors } = symmetricEigen(matrix, size)
  vectors.forEach((vector, n) => {
    for (let i = 0; i < size; i++) {
      const product = vector.reduce((sum, x, j) => sum + matrix[i * size + j]! * x, 0)
      near(product, values[n]! * vector[i]!)
    }
    vectors.forEach((other, m) => {
      near(
        vector.reduce((sum, x, i) => sum + x * other[i]!, 0),
        n === m ? 1 : 0,
      )
    })
    if (n > 0) assert.ok(values[n - 1]! >= values[n]!)
  })
})

test('a hand-computed case: points on a line and a little beside it', () => {
  const { components, explained, coordinates } = pca([0, 0, 2, 2, 4, 4, 6, 6], 4, 2, 2)
  near(components[0]![0]!, Math.SQRT1_2)
  near(components[0]![1]!, Math.SQRT1_2)
  near(explained[0]!, 1)
  near(explained[1]!, 0)
  assert.deepEqual([...coordinates[0]!].map(Math.round), [-4, -1, 1, 4])
})

test('planted directions are found in the order of their variance', () => {
  const rows = 2_000
  const noise = normals(rows * 5, 2)
  const strengths = [0.1, 5, 0.2, 3, 0.1]
  const data = noise.map((x, i) => x * strengths[i % 5]!)
  const { components, explained } = pca(data, rows, 5, 3)
  assert.ok(components[0]![1]! > 0.99 && components[1]![3]! > 0.99)
  near(explained[0]!, 25 / 34.06, 0.02)
})

test('rows that do not vary explain nothing and are no fault', () => {
  const { explained, coordinates } = pca(new Float32Array(12).fill(3), 4, 3, 2)
  assert.deepEqual(explained, [0, 0])
  assert.ok(coordinates.every((axis) => axis.every((x) => x === 0)))
})
