import { addOuter, factorise, solveCholesky } from '../../numeric/linear/cholesky.ts'
import { innerProduct } from '../../numeric/linear/dot.ts'
import type { Matrix } from '../../numeric/linear/matrix.ts'
import { ownRatings } from '../data/ratings.ts'
import type { Model } from '../model.ts'
import type { UserSpace } from '../user-space.ts'
import { sampledUsers } from './fit-prior.ts'
import type { RatedShift, UserPrior } from './user-prior.ts'

/** Of the mean diagonal of what the regression inverts. */
const ridge = 0.1

/**
 * Moves the mean of a prior by what somebody rated, x̄ + Gᵀ(c(R) − c̄) with c(R) = Σ v_j / √|R|
 * over the factors of the movies R: user vectors regressed on features of the user (Agarwal & Chen
 * 2009, "Regression-based latent factor models"), here on the sum over what was rated of SVD++
 * (Koren 2008), by ridge regression. The covariance becomes that of the residuals, each divided by
 * 1 − leverage, which leaves its user out of the fit; where that is no less than before, or users
 * are fewer than factors, the prior stays as it was.
 */
export function shiftPrior(model: Model, space: UserSpace, prior: UserPrior): UserPrior {
  const users = sampledUsers(model)
  // As many users as features would be fitted whatever they say.
  if (users.length <= model.movieFactors.columns) return prior
  const { features, mean } = featuresOf(model, users)
  const vectors = { of: centredVectors(space, prior, users), size: space.size }
  const fit = fitRidge(features, vectors)
  const covariance = leftOutCovariance(features, vectors, fit)
  if (!(traceOf(covariance, space.size) < sumOfSquares(prior.root))) return prior
  factorise(covariance, space.size)
  const shift = { movieFactors: model.movieFactors, mean, weights: fit.weights }
  return { ...prior, root: covariance, shift }
}

/** The feature of each user, centred, and the mean of them. */
function featuresOf(model: Model, users: readonly number[]) {
  const features: Float64Array[] = []
  const mean = new Float64Array(model.movieFactors.columns)
  for (const user of users) {
    const feature = featureOf(model.movieFactors, ownRatings(model, user).movieIndex)
    features.push(feature)
    for (let d = 0; d < mean.length; d++) mean[d]! += feature[d]! / users.length
  }
  for (const feature of features) for (let d = 0; d < mean.length; d++) feature[d]! -= mean[d]!
  return { features, mean }
}

/** Σ v_j / √|R| */
function featureOf(movieFactors: Matrix, movieIndex: ArrayLike<number>): Float64Array {
  const feature = new Float64Array(movieFactors.columns)
  addRatedFactors(movieFactors, movieIndex, feature)
  return feature
}

/** Adds Σ v_j / √|R| to `sum`, whose first [columns] were zeros. */
export function addRatedFactors(
  { columns, data }: Matrix,
  movieIndex: ArrayLike<number>,
  sum: Float64Array,
): void {
  const scale = 1 / Math.sqrt(Math.max(1, movieIndex.length))
  for (let i = 0; i < movieIndex.length; i++) {
    const from = movieIndex[i]! * columns
    for (let d = 0; d < columns; d++) sum[d]! += data[from + d]!
  }
  for (let d = 0; d < columns; d++) sum[d]! *= scale
}

/** The vector of the n-th of the users off the mean; what is given is overwritten by the next. */
function centredVectors(space: UserSpace, { mean }: UserPrior, users: readonly number[]) {
  const x = new Float64Array(space.size)
  return (n: number) => {
    space.trained(users[n]!, x)
    for (let i = 0; i < x.length; i++) x[i]! -= mean[i]!
    return x
  }
}

type UserVectors = { of(n: number): Float64Array; size: number }
/** `weights` are G by columns, [k] for each dimension of a user vector; `root` is L of CᵀC + λI. */
type Fit = { weights: Float64Array[]; root: Float64Array }

function fitRidge(features: readonly Float64Array[], vectors: UserVectors): Fit {
  const k = features[0]?.length ?? 0
  const root = new Float64Array(k * k)
  const weights = Array.from({ length: vectors.size }, () => new Float64Array(k))
  for (const [n, feature] of features.entries()) {
    const x = vectors.of(n)
    addOuter(root, k, feature, 0, 1)
    for (let i = 0; i < x.length; i++)
      for (let d = 0; d < k; d++) weights[i]![d]! += x[i]! * feature[d]!
  }
  const strength = (ridge * traceOf(root, k)) / k
  for (let d = 0; d < k; d++) root[d * k + d]! += strength
  factorise(root, k)
  for (const row of weights) solveCholesky(root, k, row)
  return { weights, root }
}

/** The lower half of the covariance of the residuals, each user's from a fit without this user. */
function leftOutCovariance(
  features: readonly Float64Array[],
  vectors: UserVectors,
  { weights, root }: Fit,
): Float64Array {
  const { size } = vectors
  const covariance = new Float64Array(size * size)
  for (const [n, feature] of features.entries()) {
    const solved = feature.slice()
    solveCholesky(root, feature.length, solved)
    const leverage = innerProduct(solved, feature) + 1 / features.length
    const residual = vectors
      .of(n)
      .map((x, i) => (x - innerProduct(weights[i]!, feature)) / (1 - leverage))
    addOuter(covariance, size, residual, 0, 1 / features.length)
  }
  return covariance
}

/**
 * By how much the mean vector of those who rated these is off everybody's [size]; 0 for no movie.
 */
export function shiftOf(
  { movieFactors, mean, weights }: RatedShift,
  movieIndex: ArrayLike<number>,
): Float64Array {
  const shift = new Float64Array(weights.length)
  if (movieIndex.length === 0) return shift
  const feature = featureOf(movieFactors, movieIndex)
  for (let d = 0; d < mean.length; d++) feature[d]! -= mean[d]!
  // Not by `from`, which takes ten times as long.
  for (let i = 0; i < shift.length; i++) shift[i] = innerProduct(weights[i]!, feature)
  return shift
}

/** The mean of a prior, moved by what was rated. */
export function meanOf({ mean, shift }: UserPrior, movieIndex: ArrayLike<number>): Float64Array {
  if (!shift) return mean
  const moved = shiftOf(shift, movieIndex)
  for (let i = 0; i < moved.length; i++) moved[i]! += mean[i]!
  return moved
}

/**
 * Each movie's part of the shift along a gradient [size]: together gradientᵀ·shiftOf(movieIndex).
 */
export function shiftShares(
  { movieFactors, mean, weights }: RatedShift,
  movieIndex: ArrayLike<number>,
  gradient: Float64Array,
): Float64Array {
  const n = movieIndex.length
  const along = new Float64Array(mean.length)
  for (const [i, row] of weights.entries())
    for (let d = 0; d < along.length; d++) along[d]! += gradient[i]! * row[d]!
  const common = innerProduct(along, mean) / n
  return Float64Array.from(
    movieIndex,
    (movie) => innerProduct(along, featureOf(movieFactors, [movie])) / Math.sqrt(n) - common,
  )
}

function traceOf(a: Float64Array, size: number): number {
  let sum = 0
  for (let i = 0; i < size; i++) sum += a[i * size + i]!
  return sum
}

/** The trace of LLᵀ. */
function sumOfSquares(l: Float64Array): number {
  return l.reduce((sum, value) => sum + value ** 2, 0)
}
