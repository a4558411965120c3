/**
 * Puts into the last row of a table what is expected of a row that no rating is of: the mean of the
 * others, as drawn, each as likely as its share. (The prior's mean would be another: with bags it
 * is that of a row whose bag is empty, of which there was none to learn from.)
 */
export function fillUnknownRow(rows: Float32Array, shares: Float64Array): void {
  const size = rows.length / shares.length
  const mean = new Float64Array(size)
  for (let row = 0; row < shares.length - 1; row++)
    for (let i = 0; i < size; i++) mean[i]! += shares[row]! * rows[row * size + i]!
  rows.set(mean, rows.length - size)
}

/**
 * How likely each row is to be the one that a new rating is of: a new user may be any, but new
 * ratings go to the movies that ratings go to. The last row, which has none, has no share.
 */
export function rowShares(start: Uint32Array, side: 'user' | 'movie'): Float64Array {
  const weights = Float64Array.from({ length: start.length - 1 }, (_, row) => {
    const ratings = start[row + 1]! - start[row]!
    return side === 'movie' ? ratings : Math.min(1, ratings)
  })
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return weights.map((weight) => weight / total)
}
