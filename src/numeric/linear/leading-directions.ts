import { addOuter } from './cholesky.ts'
import type { Matrix } from './matrix.ts'
import { symmetricEigen } from './symmetric-eigen.ts'

const sampledRows = 2_048

/**
 * Up to `count` orthonormal directions, each [columns], that hold as much as few can of the length
 * of the rows: the leading eigenvectors of XᵀX over at most 2,048 rows evenly chosen. Fewer where
 * the rows span fewer.
 */
export function leadingDirections({ rows, columns, data }: Matrix, count: number): Float64Array[] {
  const gram = new Float64Array(columns * columns)
  const stride = Math.max(1, rows / sampledRows)
  for (let sample = 0; sample * stride < rows; sample++)
    addOuter(gram, columns, data, Math.floor(sample * stride) * columns, 1)
  const { values, vectors } = symmetricEigen(gram, columns)
  return vectors.slice(0, count).filter((_, i) => values[i]! > 1e-14 * values[0]!)
}

/** direction·data[at … at + length) */
export function project(direction: Float64Array, data: Float32Array, at: number): number {
  let sum = 0
  for (let d = 0; d < direction.length; d++) sum += direction[d]! * data[at + d]!
  return sum
}
