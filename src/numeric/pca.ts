import { symmetricEigen } from './symmetric-eigen.ts'

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
  for (let i = 0; i < rows * columns; i++) mean[i % columns]! += data[i]! / rows
  const centred = Float64Array.from(data, (value, i) => value - mean[i % columns]!)

  const scatter = new Float64Array(columns * columns)
  for (let row = 0; row < rows; row++)
    for (let i = 0; i < columns; i++) {
      const x = centred[row * columns + i]!
      for (let j = 0; j < columns; j++) scatter[i * columns + j]! += x * centred[row * columns + j]!
    }
  const { values, vectors } = symmetricEigen(scatter, columns)
  const total = values.reduce((sum, value) => sum + value, 0)
  const kept = vectors.slice(0, components).map(withPositivePeak)
  return {
    components: kept,
    explained: kept.map((_, i) => (total > 0 ? Math.max(0, values[i]!) / total : 0)),
    coordinates: kept.map((component) =>
      Float64Array.from({ length: rows }, (_, row) =>
        component.reduce((sum, x, i) => sum + x * centred[row * columns + i]!, 0),
      ),
    ),
  }
}

function withPositivePeak(vector: Float64Array): Float64Array {
  const peak = vector.reduce((best, x) => (Math.abs(x) > Math.abs(best) ? x : best), 0)
  return peak < 0 ? vector.map((x) => -x) : vector
}
