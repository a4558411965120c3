/**
 * Makes the columns of a [rows, columns], in C order, orthonormal in place (modified Gram–Schmidt,
 * each column twice, which makes up for rounding); gives R [columns, columns], upper triangular,
 * with the old a = new a·R. A column that is a combination of those before it becomes zeros.
 */
export function orthonormalise(a: Float64Array, rows: number, columns: number): Float64Array {
  const r = new Float64Array(columns * columns)
  for (let j = 0; j < columns; j++) {
    const before = squareOf(a, rows, columns, j)
    for (let pass = 0; pass < 2; pass++) {
      const along = new Float64Array(j)
      for (let at = 0; at < rows * columns; at += columns)
        for (let i = 0; i < j; i++) along[i]! += a[at + i]! * a[at + j]!
      for (let at = 0; at < rows * columns; at += columns)
        for (let i = 0; i < j; i++) a[at + j]! -= along[i]! * a[at + i]!
      for (let i = 0; i < j; i++) r[i * columns + j]! += along[i]!
    }
    const square = squareOf(a, rows, columns, j)
    const norm = square > 1e-14 * before ? Math.sqrt(square) : 0
    r[j * columns + j] = norm
    for (let at = j; at < rows * columns; at += columns) a[at] = norm > 0 ? a[at]! / norm : 0
  }
  return r
}

function squareOf(a: Float64Array, rows: number, columns: number, column: number): number {
  let sum = 0
  for (let at = column; at < rows * columns; at += columns) sum += a[at]! * a[at]!
  return sum
}
