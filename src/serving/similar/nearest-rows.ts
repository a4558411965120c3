import { dot } from '../../numeric/linear/dot.ts'
import type { Matrix } from '../../numeric/linear/matrix.ts'
import { type BitSet, isIn } from '../../numeric/search/bit-set.ts'
import { topN } from '../../numeric/search/top-n.ts'

/** A row of a matrix and the cosine of the angle between it and the chosen one. */
export type NearRow = { readonly row: number; readonly cosine: number }

/**
 * The `n` allowed rows that point most nearly where the chosen one does, by cosine, equal ones by
 * index; 0 where one has no length. `norms` [rows] are the rows' lengths. O(rows · columns).
 */
export function nearestRows(
  { data, rows, columns: k }: Matrix,
  norms: Float32Array,
  chosen: number,
  allowed: BitSet,
  n: number,
): NearRow[] {
  const cosines = new Float32Array(rows)
  for (let row = 0; row < rows; row++) {
    const lengths = norms[row]! * norms[chosen]!
    // Rounding may lead a little beyond 1.
    if (lengths > 0)
      cosines[row] = Math.max(-1, Math.min(1, dot(data, row * k, data, chosen * k, k) / lengths))
  }
  return topN(cosines, n, (row) => isIn(allowed, row)).map((row) => {
    return { row, cosine: cosines[row]! }
  })
}
