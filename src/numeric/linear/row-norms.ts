import { dot } from './dot.ts'
import type { Matrix } from './matrix.ts'

/** The Euclidean length of each row of a matrix [rows]. */
export function rowNorms({ rows, columns, data }: Matrix): Float32Array {
  return Float32Array.from({ length: rows }, (_, row) =>
    Math.sqrt(dot(data, row * columns, data, row * columns, columns)),
  )
}
