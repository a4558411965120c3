/**
 * Singular values of a matrix given as rows, falling, by one-sided Jacobi (Hestenes 1958): rotates
 * pairs of columns until all are orthogonal; then their lengths are the singular values. It never
 * forms XᵀX, so it shares nothing with the code that it checks.
 */
export function singularValues(rows: readonly Float64Array[]): number[] {
  const columns = Array.from(rows[0]!, (_, i) => rows.map((row) => row[i]!))
  const dot = (a: number[], b: number[]) => a.reduce((sum, x, i) => sum + x * b[i]!, 0)
  for (let sweep = 0; sweep < 40; sweep++)
    for (const [i, a] of columns.entries())
      for (const b of columns.slice(i + 1)) {
        const product = dot(a, b)
        if (product === 0) continue
        const tau = (dot(b, b) - dot(a, a)) / (2 * product)
        const t = Math.sign(tau || 1) / (Math.abs(tau) + Math.hypot(1, tau))
        const c = 1 / Math.hypot(1, t)
        for (let row = 0; row < a.length; row++) {
          const [x, y] = [a[row]!, b[row]!]
          a[row] = c * x - c * t * y
          b[row] = c * t * x + c * y
        }
      }
  return columns.map((column) => Math.sqrt(dot(column, column))).sort((a, b) => b - a)
}
