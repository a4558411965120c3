/**
 * BBᵀ of B [rows, size], on and below the diagonal of `out` [rows, rows]. Two rows by two at a time:
 * four sums overlap.
 */
export function rowGram(b: Float64Array, rows: number, size: number, out: Float64Array): void {
  for (let i = 0; i < rows; i += 2) {
    const p = i * size
    // Of an odd number the last row is multiplied twice.
    const q = Math.min(i + 1, rows - 1) * size
    for (let j = 0; j <= i; j += 2) {
      const r = j * size
      const s = Math.min(j + 1, rows - 1) * size
      let pr = 0
      let ps = 0
      let qr = 0
      let qs = 0
      for (let n = 0; n < size; n++) {
        const x = b[p + n]!
        const y = b[q + n]!
        const z = b[r + n]!
        const t = b[s + n]!
        pr += x * z
        ps += x * t
        qr += y * z
        qs += y * t
      }
      out[i * rows + j] = pr
      if (j + 1 <= i) out[i * rows + j + 1] = ps
      if (i + 1 < rows) {
        out[(i + 1) * rows + j] = qr
        out[(i + 1) * rows + j + 1] = qs
      }
    }
  }
}
