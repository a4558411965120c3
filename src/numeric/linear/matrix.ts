/** A dense matrix in C order: `data.length = rows · columns`. */
export type Matrix = {
  readonly rows: number
  readonly columns: number
  readonly data: Float32Array
}
