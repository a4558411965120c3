import {
  factorise,
  solveCholesky,
  timesLower,
  timesLowerTransposed,
} from '../../numeric/linear/cholesky.ts'
import { productWithRow } from '../../numeric/linear/dot.ts'
import type { Matrix } from '../../numeric/linear/matrix.ts'
import { rowGram } from '../../numeric/linear/row-gram.ts'
import { createScratch } from '../../numeric/linear/scratch.ts'
import type { OwnRatings } from '../data/ratings.ts'
import type { UserSpace } from '../user-space.ts'
import { gaussNewton, type System } from './gauss-newton.ts'
import { meanOf } from './rated-shift.ts'
import type { UserPrior } from './user-prior.ts'

/** Of every movie z's slope by w, Lᵀ ∂z/∂x [movies, size]; null where it is not the same for all x. */
export function movieSlopes(space: UserSpace, prior: UserPrior, movies: number): Matrix | null {
  if (!space.isLinear) return null
  const { size } = space
  const data = new Float32Array(movies * size)
  const [x, gradient, row] = Array.from({ length: 3 }, () => new Float64Array(size))
  for (let movie = 0; movie < movies; movie++) {
    space.slope(x!, movie, gradient!)
    timesLowerTransposed(prior.root, gradient!, row!)
    data.set(row!, movie * size)
  }
  return { rows: movies, columns: size, data }
}

const scratch = createScratch()

/**
 * What `foldIn` finds [size], of fewer ratings than there are dimensions: w is a sum of their slopes,
 * w = Jᵀβ [ratings], so that with K = JJᵀ and D = diag(s_i/√noise) a step solves
 *
 *   β' = D·(I + DKD)⁻¹·(r_i − r̂_i + s_i (Kβ)_i)/√noise
 *
 * O(ratings² · (size + rounds · ratings)).
 */
export function foldFewIn(
  space: UserSpace,
  prior: UserPrior,
  slopes: Matrix,
  { movieIndex, rating }: OwnRatings,
): Float64Array {
  const { size } = space
  const n = rating.length
  const mean = meanOf(prior, movieIndex)
  const [w, rows, gram, a, start, ...vectors] = scratch.take(
    ...([size, n * size, n * n, n * n] as const),
    ...([n, n, n, n, n, n, n, n] as const),
  )
  const x = new Float64Array(size)
  const { data } = slopes
  for (let i = 0; i < n; i++) {
    start[i] = space.slope(mean, movieIndex[i]!, x)
    const [from, to] = [movieIndex[i]! * size, i * size]
    for (let p = 0; p < size; p++) rows[to + p] = data[from + p]!
  }
  rowGram(rows, n, size, gram)
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) gram[j * n + i] = gram[i * n + j]!
  const beta = gaussNewton(systemOf(space, { gram, a, start, rating, vectors }, prior.noise))
  w.fill(0)
  for (let i = 0; i < n; i++) {
    const [share, from] = [beta[i]!, i * size]
    for (let p = 0; p < size; p++) w[p]! += share * rows[from + p]!
  }
  timesLower(prior.root, w, x)
  for (let p = 0; p < size; p++) x[p]! += mean[p]!
  return x
}

type FewRatings = {
  /** [n, n] K */
  readonly gram: Float64Array
  /** [n] z_i where β is 0. */
  readonly start: Float64Array
  readonly rating: ArrayLike<number>
  /** To work in: [n, n] and seven times [n]. */
  readonly a: Float64Array
  readonly vectors: readonly [
    ...[at: Float64Array, d: Float64Array, residual: Float64Array],
    ...System['vectors'],
  ]
}

/** The equations of a step, in β. */
function systemOf(space: UserSpace, few: FewRatings, noise: number): System {
  const { gram, a, start, rating } = few
  const [at, d, residual, ...vectors] = few.vectors
  const count = start.length
  const root = Math.sqrt(noise)
  return {
    ...{ takesLast: true, vectors },
    square(beta) {
      let sum = 0
      for (let i = 0; i < count; i++) sum += beta[i]! * productWithRow(gram, i, beta)
      return sum
    },
    linearise(beta) {
      let objective = 0
      for (let i = 0; i < count; i++) {
        at[i] = productWithRow(gram, i, beta)
        const expected = space.ratingOf(start[i]! + at[i]!)
        residual[i] = rating[i]! - expected
        d[i] = space.ratingSlope(expected) / root
        objective += beta[i]! * at[i]! + residual[i]! ** 2 / noise
      }
      return objective
    },
    solve(_, next) {
      for (let i = 0; i < count; i++) {
        const [di, row] = [d[i]!, i * count]
        for (let j = 0; j <= i; j++) a[row + j] = di * d[j]! * gram[row + j]!
        a[row + i]! += 1
        next[i] = residual[i]! / root + di * at[i]!
      }
      factorise(a, count)
      solveCholesky(a, count, next)
      for (let i = 0; i < count; i++) next[i]! *= d[i]!
    },
  }
}
