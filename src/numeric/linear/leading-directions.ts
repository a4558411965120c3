import { createRandom } from '../random/random.ts'
import { innerProduct } from './dot.ts'
import type { Matrix } from './matrix.ts'

const sampledRows = 2_048
const rounds = 8

/**
 * Up to `count` orthonormal directions, each [columns], that hold as much as few can of the length of
 * the rows: the leading eigenvectors of XᵀX by subspace iteration, Q ← orth(Xᵀ(X·Q)) (Golub & Van
 * Loan, "Matrix Computations", 8.2.4), over at most 2,048 rows evenly chosen. A few rounds: what uses
 * them needs them orthonormal, not exact. Fewer where the rows span fewer. In steps of some rows.
 */
export function* leadingDirectionsSteps(
  { rows, columns, data }: Matrix,
  count: number,
): Generator<void, Float64Array[]> {
  const random = createRandom(1, 'leading-directions')
  let directions = orthonormal(
    Array.from({ length: Math.min(count, columns) }, () =>
      Float64Array.from({ length: columns }, () => random.normal()),
    ),
  )
  const stride = Math.max(1, rows / sampledRows)
  for (let round = 0; round < rounds; round++) {
    const next = directions.map(() => new Float64Array(columns))
    for (let sample = 0; sample * stride < rows; sample++) {
      const at = Math.floor(sample * stride) * columns
      for (const [i, direction] of directions.entries()) {
        const along = project(direction, data, at)
        const sum = next[i]!
        for (let d = 0; d < columns; d++) sum[d]! += along * data[at + d]!
      }
      if (sample % 16 === 0) yield
    }
    directions = orthonormal(next)
    yield
  }
  return directions
}

/** direction·data[at … at + length) */
export function project(direction: Float64Array, data: Float32Array, at: number): number {
  let sum = 0
  for (let d = 0; d < direction.length; d++) sum += direction[d]! * data[at + d]!
  return sum
}

/** Gram–Schmidt, twice, which is orthogonal to the last bits; a vector that the others span is left out. */
function orthonormal(vectors: readonly Float64Array[]): Float64Array[] {
  const basis: Float64Array[] = []
  for (const vector of vectors) {
    const before = Math.hypot(...vector)
    for (let pass = 0; pass < 2; pass++)
      for (const unit of basis) {
        const along = innerProduct(unit, vector)
        for (let d = 0; d < vector.length; d++) vector[d]! -= along * unit[d]!
      }
    const length = Math.hypot(...vector)
    if (length > 1e-6 * before) basis.push(vector.map((x) => x / length))
  }
  return basis
}
