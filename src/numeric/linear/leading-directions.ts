import { createRandom } from '../random/random.ts'
import type { Matrix } from './matrix.ts'
import { orthonormalise } from './orthonormal.ts'

const sampledRows = 2_048
const rounds = 8

/**
 * Up to `count` orthonormal directions, each [columns], that hold as much as few can of the length
 * of the rows: the leading eigenvectors of XᵀX by subspace iteration, Q ← orth(Xᵀ(X·Q)) (Golub &
 * Van Loan, "Matrix Computations", 8.2.4), over at most 2,048 rows evenly chosen. A few rounds:
 * what uses them needs them orthonormal, not exact. Fewer where the rows span fewer.
 */
export function leadingDirections({ rows, columns, data }: Matrix, count: number): Float64Array[] {
  const random = createRandom(1, 'leading-directions')
  const width = Math.min(count, columns)
  let q = Float64Array.from({ length: columns * width }, () => random.normal())
  orthonormalise(q, columns, width)
  const stride = Math.max(1, rows / sampledRows)
  const along = new Float64Array(width)
  for (let round = 0; round < rounds; round++) {
    const next = new Float64Array(columns * width)
    for (let sample = 0; sample * stride < rows; sample++) {
      const at = Math.floor(sample * stride) * columns
      along.fill(0)
      for (let d = 0; d < columns; d++)
        for (let i = 0; i < width; i++) along[i]! += q[d * width + i]! * data[at + d]!
      for (let d = 0; d < columns; d++)
        for (let i = 0; i < width; i++) next[d * width + i]! += along[i]! * data[at + d]!
    }
    orthonormalise(next, columns, width)
    q = next
  }
  return Array.from({ length: width }, (_, i) => {
    return Float64Array.from({ length: columns }, (_, d) => q[d * width + i]!)
  }).filter((direction) => direction.some((x) => x !== 0))
}

/** direction·data[at … at + length) */
export function project(direction: Float64Array, data: Float32Array, at: number): number {
  let sum = 0
  for (let d = 0; d < direction.length; d++) sum += direction[d]! * data[at + d]!
  return sum
}
