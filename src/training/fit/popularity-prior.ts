import { cholesky, solveCholesky } from '../../numeric/linear/cholesky.ts'

/** The ridge, in movies whose mean is known exactly, times the damping. */
const ridge = 3

/**
 * What is usual of movies that were rated n times: p(n) = c·(1, l, l²) with l = log(1 + n), by ridge
 * regression of the movies' mean residuals. A mean of n ratings counts as n·d/(n + d), the inverse of
 * its variance where n/d is the share of a movie's own variance (d the damping of its bias).
 *
 * `sums` and `counts` [movies] are of the residuals of each movie; `usual` [movies] is p of each, and
 * `ofNone` p(0): an unknown movie is one that nobody rated.
 */
export function popularityPrior(
  sums: Float64Array,
  counts: Uint32Array,
  damping: number,
): { usual: Float64Array; ofNone: number } {
  const normal = new Float64Array(9)
  const coefficients = new Float64Array(3)
  for (let i = 0; i < 3; i++) normal[4 * i] = ridge * damping
  for (const [movie, count] of counts.entries()) {
    if (count === 0) continue
    const terms = termsOf(count)
    const share = damping / (count + damping)
    for (let i = 0; i < 3; i++) {
      coefficients[i]! += share * sums[movie]! * terms[i]!
      for (let j = 0; j < 3; j++) normal[3 * i + j]! += share * count * terms[i]! * terms[j]!
    }
  }
  solveCholesky(cholesky(normal, 3), 3, coefficients)
  const at = (count: number) =>
    termsOf(count).reduce((sum, term, i) => sum + term * coefficients[i]!, 0)
  return { usual: Float64Array.from(counts, at), ofNone: at(0) }
}

function termsOf(count: number): [number, number, number] {
  const log = Math.log1p(count)
  return [1, log, log ** 2]
}
