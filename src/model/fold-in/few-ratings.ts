import { timesLowerTransposed } from '../../numeric/linear/cholesky.ts'
import { holdRows, padded, sharedFewRows } from '../../numeric/linear/few-rows.ts'
import type { Matrix } from '../../numeric/linear/matrix.ts'
import type { OwnRatings } from '../data/ratings.ts'
import type { UserSpace } from '../user-space.ts'
import { gaussNewton, type System } from './gauss-newton.ts'
import { addRatedFactors } from './rated-shift.ts'
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

/** What folds few ratings in: memory to work in, with what of the prior is multiplied by. */
export type FewRatings = ReturnType<typeof createFewRatings>

/** For fewer ratings than there are dimensions, of a model whose slopes are the same everywhere. */
export function createFewRatings(space: UserSpace, prior: UserPrior, slopes: Matrix) {
  const { size } = space
  const [stride, most] = [padded(size), padded(size - 1)]
  const features = prior.shift ? padded(prior.shift.mean.length) : 0
  const rows = sharedFewRows({
    ...{ root: size * stride, weights: size * features, feature: features },
    ...{ mean: stride, w: stride, found: stride, rows: most * stride },
    ...{ gram: most ** 2, a: most ** 2, beta: most, step: most, next: most, gap: most, at: most },
  })
  const [start, residual, d] = Array.from({ length: 3 }, () => new Float64Array(most))
  return {
    ...{ space, prior, slopes, stride, features, rows },
    ...{ start: start!, residual: residual!, d: d! },
    vectors: vectorsOf(rows.arrays),
    /** Holds the memory, and no model. */
    holder: {},
  }
}

function putPrior({ prior, stride, features, rows }: FewRatings): void {
  const { root, weights } = rows.arrays
  const size = prior.mean.length
  weights.fill(0)
  for (let i = 0; i < size; i++) {
    // What stands above the diagonal is anything.
    for (let j = 0; j <= i; j++) root[i * stride + j] = prior.root[i * size + j]!
    if (prior.shift) weights.set(prior.shift.weights[i]!, i * features)
  }
}

type Vectors = 'beta' | 'step' | 'next' | 'gap'

/** Those that a step is found in, as long as there are ratings. */
function vectorsOf({ beta, step, next, gap }: Record<Vectors, Float64Array>) {
  const known = new Map<number, System['vectors']>()
  return (length: number): System['vectors'] => {
    let vectors = known.get(length)
    if (!vectors) {
      const of = (vector: Float64Array) => vector.subarray(0, length)
      vectors = [of(beta), of(step), of(next), of(gap)]
      known.set(length, vectors)
    }
    return vectors
  }
}

/**
 * What `foldIn` finds [size], of fewer ratings than there are dimensions: w is a sum of their slopes,
 * w = Jᵀβ [ratings], so that with K = JJᵀ and D = diag(s_i/√noise) a step solves
 *
 *   β' = D·(I + DKD)⁻¹·(r_i − r̂_i + s_i (Kβ)_i)/√noise
 *
 * O(ratings² · (size + rounds · ratings)).
 */
export function foldFewIn(few: FewRatings, { movieIndex, rating }: OwnRatings): Float64Array {
  const { space, slopes, stride, start, rows: by } = few
  const { rows, gram, root, w, found } = by.arrays
  holdRows(by, few.holder, () => putPrior(few))
  const { size } = space
  const n = rating.length
  const count = padded(n)
  const mean = shiftedMean(few, movieIndex)
  const { data } = slopes
  for (let i = 0; i < n; i++) {
    start[i] = space.at(mean, movieIndex[i]!)
    const [from, to] = [movieIndex[i]! * size, i * stride]
    for (let p = 0; p < size; p++) rows[to + p] = data[from + p]!
  }
  rows.fill(0, n * stride, count * stride)
  by.multiplyRows(rows, count, stride, gram)
  const beta = gaussNewton(systemOf(few, rating))
  by.combineRows(rows, n, stride, beta, w)
  by.timesVector(root, size, stride, w, found)
  const x = new Float64Array(size)
  for (let p = 0; p < size; p++) x[p] = found[p]! + mean[p]!
  return x
}

/** The mean of the prior, moved by what was rated, see `meanOf`. */
function shiftedMean(few: FewRatings, movieIndex: ArrayLike<number>): Float64Array {
  const { mean, shift } = few.prior
  if (!shift || movieIndex.length === 0) return mean
  const { arrays, timesVector } = few.rows
  const { feature, weights, mean: moved } = arrays
  feature.fill(0)
  addRatedFactors(shift.movieFactors, movieIndex, feature)
  for (let d = 0; d < shift.mean.length; d++) feature[d]! -= shift.mean[d]!
  timesVector(weights, mean.length, few.features, feature, moved)
  for (let i = 0; i < mean.length; i++) moved[i]! += mean[i]!
  return moved
}

/** The equations of a step, in β, with zeros where there is no rating. */
function systemOf(few: FewRatings, rating: ArrayLike<number>): System {
  const { space, start, residual, d, rows } = few
  const { gram, a, at } = rows.arrays
  const { noise } = few.prior
  const n = rating.length
  const count = padded(n)
  const root = Math.sqrt(noise)
  residual.fill(0, n, count)
  d.fill(0, n, count)
  return {
    ...{ takesLast: true, vectors: few.vectors(count) },
    square(beta) {
      rows.timesVector(gram, count, count, beta, at)
      let sum = 0
      for (let i = 0; i < n; i++) sum += beta[i]! * at[i]!
      return sum
    },
    linearise(beta) {
      rows.timesVector(gram, count, count, beta, at)
      let objective = 0
      for (let i = 0; i < n; i++) {
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
      rows.solvePositive(a, count, next)
      for (let i = 0; i < n; i++) next[i]! *= d[i]!
    },
  }
}
