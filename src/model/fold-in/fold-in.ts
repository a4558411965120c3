import {
  addOuter,
  factorise,
  solveCholesky,
  timesLower,
  timesLowerTransposed,
} from '../../numeric/linear/cholesky.ts'
import { innerProduct } from '../../numeric/linear/dot.ts'
import type { OwnRatings } from '../data/ratings.ts'
import type { UserSpace } from '../user-space.ts'
import { gaussNewton, type System } from './gauss-newton.ts'
import { meanOf, shiftShares } from './rated-shift.ts'
import type { UserPrior } from './user-prior.ts'

/** The user vector that explains some ratings best. */
export type FoldedUser = {
  /** [size] */
  readonly x: Float64Array
  /** [size] The same without its prior: x = m + Lw. */
  readonly w: Float64Array
  /**
   * How far each rating moved x along a gradient [size], by being there and by what was given: one
   * number a rating, in their order. Together they are gradientᵀ(x − mean of the prior), but for a
   * net whose steps ended at a kink of it.
   */
  shares(gradient: Float64Array): Float64Array
  /**
   * Adds the covariance of w in its posterior, (I + Σ s_i² J_i J_iᵀ / noise)⁻¹, to `sum` [size,
   * size] and gives the squares of the residuals that are expected under it, summed: Σ (e_i² + s_i²
   * var(z_i)).
   */
  addCovariance(sum: Float64Array): number
}

/**
 * The mode of a user vector's posterior given ratings r_i of movies z_i(x): with x = m + Lw, where
 * m is the prior's mean shifted by which movies they are, the w that minimises |w|² + Σ (r_i −
 * r̂(z_i))² / noise, by Gauss–Newton steps. With J_i = Lᵀ ∂z_i/∂x and s_i = dr̂/dz a step solves
 *
 *   (I + Σ s_i² J_i J_iᵀ / noise)·w' = Σ s_i J_i·(r_i − r̂_i + s_i J_iᵀ w) / noise
 *
 * and is halved while it leads uphill. Where r̂ is linear in x, as it is for dot products without a
 * rating range, the first step ends at the posterior mean. L need not have an inverse.
 * O(rounds · (ratings + size) · size²), some five rounds.
 */
export function foldIn(space: UserSpace, prior: UserPrior, own: OwnRatings): FoldedUser {
  const { size } = space
  const system = createSystem(space, prior, own)
  const w = gaussNewton(system)
  const x = new Float64Array(size)
  system.vectorAt(w, x)
  return { x, w, shares: system.shares, addCovariance: system.addCovariance }
}

function vectorsOf(size: number): System['vectors'] {
  const vector = () => new Float64Array(size)
  return [vector(), vector(), vector(), vector()]
}

/** The equations of one Gauss–Newton step. */
function createSystem(space: UserSpace, prior: UserPrior, own: OwnRatings) {
  const { size } = space
  const { root, noise } = prior
  const mean = meanOf(prior, own.movieIndex)
  const count = own.rating.length
  const rows = Array.from({ length: count }, () => new Float64Array(size))
  /** z_i where w is 0, by the present slopes. */
  const start = new Float64Array(count)
  const residual = new Float64Array(count)
  const slope = new Float64Array(count)
  const weight = new Float64Array(count)
  const a = new Float64Array(size * size)
  const [x, gradient] = [new Float64Array(size), new Float64Array(size)]

  /** x = m + Lw */
  const vectorAt = (w: Float64Array, out: Float64Array) => {
    timesLower(root, w, out)
    for (let i = 0; i < size; i++) out[i]! += mean[i]!
  }

  let isCurrent = false
  const takeSlope = (i: number, w: Float64Array) => {
    const z = space.slope(x, own.movieIndex[i]!, gradient)
    timesLowerTransposed(root, gradient, rows[i]!)
    start[i] = z - innerProduct(rows[i]!, w)
  }

  const square = (w: Float64Array) => innerProduct(w, w)
  return {
    ...{ takesLast: space.isLinear, vectors: vectorsOf(size), square, vectorAt },
    linearise(w: Float64Array): number {
      vectorAt(w, x)
      let objective = square(w)
      for (let i = 0; i < count; i++) {
        if (!isCurrent) takeSlope(i, w)
        const expected = space.ratingOf(start[i]! + innerProduct(rows[i]!, w))
        residual[i] = own.rating[i]! - expected
        slope[i] = space.ratingSlope(expected)
        objective += residual[i]! ** 2 / noise
      }
      // Where z is linear its slopes are the same everywhere, and they cost most.
      isCurrent = space.isLinear
      return objective
    },
    solve(w: Float64Array, b: Float64Array): void {
      b.fill(0)
      a.fill(0)
      for (let i = 0; i < size; i++) a[i * size + i] = 1
      for (let i = 0; i < count; i++) {
        const s = slope[i]!
        weight[i] = (s * (residual[i]! + s * innerProduct(rows[i]!, w))) / noise
        for (let p = 0; p < size; p++) b[p]! += weight[i]! * rows[i]![p]!
        addOuter(a, size, rows[i]!, 0, (s * s) / noise)
      }
      factorise(a, size)
      solveCholesky(a, size, b)
    },
    /** By the last step: w' is the sum of weight_i·A⁻¹J_i, one vector for each rating. */
    shares(along: Float64Array): Float64Array {
      const direction = new Float64Array(size)
      timesLowerTransposed(root, along, direction)
      solveCholesky(a, size, direction)
      const given = weight.map((value, i) => value * innerProduct(rows[i]!, direction))
      const there = prior.shift && shiftShares(prior.shift, own.movieIndex, along)
      return there ? given.map((value, i) => value + there[i]!) : given
    },
    addCovariance(sum: Float64Array): number {
      const column = new Float64Array(size)
      for (let i = 0; i < size; i++) {
        column.fill(0)
        column[i] = 1
        solveCholesky(a, size, column)
        for (let j = 0; j < size; j++) sum[i * size + j]! += column[j]!
      }
      let squares = 0
      for (let i = 0; i < count; i++) {
        column.set(rows[i]!)
        solveCholesky(a, size, column)
        squares += residual[i]! ** 2 + slope[i]! ** 2 * innerProduct(rows[i]!, column)
      }
      return squares
    },
  }
}
