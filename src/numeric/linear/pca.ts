import { finish } from '../steps.ts'
import { innerProduct } from './dot.ts'
import { symmetricEigenSteps } from './symmetric-eigen.ts'

export type Pca = {
  /** [components] unit vectors [columns], by falling variance. */
  readonly components: readonly Float64Array[]
  /** Share of the rows' variance along each component, 0 … 1. */
  readonly explained: readonly number[]
  /** [components] the rows' coordinates along each component [rows]. */
  readonly coordinates: readonly Float64Array[]
}

/** What `pca` takes: the rows [rows, columns] in C order, and how many components are wanted. */
export type PcaTask = readonly [
  data: ArrayLike<number>,
  rows: number,
  columns: number,
  components: number,
]

/**
 * Principal components of the rows of a matrix [rows, columns] in C order (Pearson 1901): the
 * eigenvectors of XᵀX for the centred X. The sign of a component is free; here its largest entry is
 * positive, so that the same rows always give the same picture. O(rows·columns² + columns³).
 */
export function pca(...task: PcaTask): Pca {
  return finish(pcaSteps(...task))
}

/** The same in steps of one row each. */
export function* pcaSteps(...[data, rows, columns, components]: PcaTask): Generator<void, Pca> {
  const mean = new Float64Array(columns)
  for (let row = 0; row < rows; row++, yield)
    for (let i = 0; i < columns; i++) mean[i]! += data[row * columns + i]! / rows
  const x = new Float64Array(columns)
  const centre = (row: number) => {
    for (let i = 0; i < columns; i++) x[i] = data[row * columns + i]! - mean[i]!
  }

  const scatter = new Float64Array(columns * columns)
  for (let row = 0; row < rows; row++, yield) {
    centre(row)
    addLowerHalf(scatter, x)
  }
  for (let i = 0; i < columns; i++)
    for (let j = 0; j < i; j++) scatter[j * columns + i] = scatter[i * columns + j]!
  const { values, vectors } = yield* symmetricEigenSteps(scatter, columns)
  const total = values.reduce((sum, value) => sum + value, 0)
  const kept = vectors.slice(0, components).map(withPositivePeak)

  const coordinates = kept.map(() => new Float64Array(rows))
  for (let row = 0; row < rows; row++, yield) {
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

/** S += x·xᵀ on and below the diagonal; the rest is its mirror image. */
function addLowerHalf(scatter: Float64Array, x: Float64Array): void {
  const size = x.length
  for (let i = 0; i < size; i++) {
    const xi = x[i]!
    for (let j = 0; j <= i; j++) scatter[i * size + j]! += xi * x[j]!
  }
}

function withPositivePeak(vector: Float64Array): Float64Array {
  const peak = vector.reduce((best, x) => (Math.abs(x) > Math.abs(best) ? x : best), 0)
  return peak < 0 ? vector.map((x) => -x) : vector
}
