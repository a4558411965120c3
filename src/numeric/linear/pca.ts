import { addOuter } from './cholesky.ts'
import { innerProduct } from './dot.ts'
import { symmetricEigen } from './symmetric-eigen.ts'

/** Principal components of some rows, and where the rows lie along them. */
export type Pca = {
  /** [components] unit vectors [columns], by falling variance. */
  readonly components: readonly Float64Array[]
  /** Share of the rows' variance along each component, 0 … 1. */
  readonly explained: readonly number[]
  /** [components] the rows' coordinates along each component [rows]. */
  readonly coordinates: readonly Float64Array[]
}

/**
 * Principal components of the rows of a matrix [rows, columns] in C order (Pearson 1901): the
 * eigenvectors of XᵀX for the centred X. The sign of a component is free; here its largest entry is
 * positive, so that the same rows always give the same picture. O(rows·columns² + columns³).
 */
export function pca(
  data: ArrayLike<number>,
  rows: number,
  columns: number,
  components: number,
): Pca {
  const mean = new Float64Array(columns)
  for (let row = 0; row < rows; row++)
    for (let i = 0; i < columns; i++) mean[i]! += data[row * columns + i]! / rows
  const x = new Float64Array(columns)
  const centre = (row: number) => {
    for (let i = 0; i < columns; i++) x[i] = data[row * columns + i]! - mean[i]!
  }

  const scatter = new Float64Array(columns * columns)
  for (let row = 0; row < rows; row++) {
    centre(row)
    addOuter(scatter, columns, x, 0, 1)
  }
  for (let i = 0; i < columns; i++)
    for (let j = 0; j < i; j++) scatter[j * columns + i] = scatter[i * columns + j]!
  const { values, vectors } = symmetricEigen(scatter, columns)
  const total = values.reduce((sum, value) => sum + value, 0)
  const kept = vectors.slice(0, components).map(withPositivePeak)

  const coordinates = kept.map(() => new Float64Array(rows))
  for (let row = 0; row < rows; row++) {
    centre(row)
    for (const [axis, component] of kept.entries())
      coordinates[axis]![row] = innerProduct(component, x)
  }
  return {
    components: kept,
    explained: kept.map((_, i) => (total > 0 ? Math.max(0, values[i]!) / total : 0)),
    coordinates,
  }
}

function withPositivePeak(vector: Float64Array): Float64Array {
  const peak = vector.reduce((best, x) => (Math.abs(x) > Math.abs(best) ? x : best), 0)
  return peak < 0 ? vector.map((x) => -x) : vector
}
