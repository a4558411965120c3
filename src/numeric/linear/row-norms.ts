import { dot } from './dot.ts'

const rowsInStep = 1_024

/** |row| of each row of a matrix [rows, columns] in C order. Yields after a thousand rows. */
export function* rowNormSteps(
  data: Float32Array,
  rows: number,
  columns: number,
): Generator<void, Float32Array> {
  const norms = new Float32Array(rows)
  for (let row = 0; row < rows; row++) {
    norms[row] = Math.sqrt(dot(data, row * columns, data, row * columns, columns))
    if (row % rowsInStep === 0) yield
  }
  return norms
}
