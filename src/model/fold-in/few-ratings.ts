import {
  factorise,
  solveCholesky,
  timesLower,
  timesLowerTransposed,
} from '../../numeric/linear/cholesky.ts'
import type { Matrix } from '../../numeric/linear/matrix.ts'
import { rowGram } from '../../numeric/linear/row-gram.ts'
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
  const count = rating.length
  const mean = meanOf(prior, movieIndex)
  const rows = new Float64Array(count * size)
  const gram = new Float64Array(count * count)
  const start = new Float64Array(count)
  const x = new Float64Array(size)
  for (let i = 0; i < count; i++) {
    start[i] = space.slope(mean, movieIndex[i]!, x)
    const from = movieIndex[i]! * size
    for (let n = 0; n < size; n++) rows[i * size + n] = slopes.data[from + n]!
  }
  rowGram(rows, count, size, gram)
  for (let i = 0; i < count; i++)
    for (let j = 0; j < i; j++) gram[j * count + i] = gram[i * count + j]!
  const beta = gaussNewton(systemOf(space, gram, start, rating, prior.noise), count)
  const w = new Float64Array(size)
  for (let i = 0; i < count; i++)
    for (let n = 0; n < size; n++) w[n]! += beta[i]! * rows[i * size + n]!
  timesLower(prior.root, w, x)
  for (let n = 0; n < size; n++) x[n]! += mean[n]!
  return x
}

/** The equations of a step, in β. */
function systemOf(
  space: UserSpace,
  gram: Float64Array,
  start: Float64Array,
  rating: ArrayLike<number>,
  noise: number,
): System {
  const count = start.length
  const root = Math.sqrt(noise)
  const [z, d, residual, at] = Array.from({ length: 4 }, () => new Float64Array(count)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ]
  const a = new Float64Array(count * count)
  return {
    takesLast: true,
    square(beta) {
      times(gram, beta, z)
      let sum = 0
      for (let i = 0; i < count; i++) sum += beta[i]! * z[i]!
      return sum
    },
    linearise(beta) {
      times(gram, beta, at)
      let objective = 0
      for (let i = 0; i < count; i++) {
        const zi = start[i]! + at[i]!
        residual[i] = rating[i]! - space.ratingOf(zi)
        d[i] = space.ratingSlope(zi) / root
        objective += beta[i]! * at[i]! + residual[i]! ** 2 / noise
      }
      return objective
    },
    solve() {
      const next = new Float64Array(count)
      for (let i = 0; i < count; i++) {
        for (let j = 0; j <= i; j++) a[i * count + j] = d[i]! * d[j]! * gram[i * count + j]!
        a[i * count + i]! += 1
        next[i] = residual[i]! / root + d[i]! * at[i]!
      }
      factorise(a, count)
      solveCholesky(a, count, next)
      for (let i = 0; i < count; i++) next[i]! *= d[i]!
      return next
    },
  }
}

/** Kx, into `out`. */
function times(k: Float64Array, x: Float64Array, out: Float64Array): void {
  const size = x.length
  for (let i = 0; i < size; i++) {
    let sum = 0
    for (let j = 0; j < size; j++) sum += k[i * size + j]! * x[j]!
    out[i] = sum
  }
}
