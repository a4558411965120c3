import { factorise, timesLower } from '../../numeric/linear/cholesky.ts'
import { ownRatings } from '../data/ratings.ts'
import type { Model } from '../model.ts'
import type { UserSpace } from '../user-space.ts'
import { leastNoise, sampledUsers } from './fit-prior.ts'
import { foldIn } from './fold-in.ts'
import type { UserPrior } from './user-prior.ts'

const rounds = 2
const maxUsers = 200

/**
 * A prior that fits how users are folded in with it, by expectation maximisation (Laird & Ware
 * 1982, "Random-effects models for longitudinal data"): trained user vectors are drawn to zero, and
 * so spread less than those of users do. Each round folds users in from their own ratings, evenly
 * spaced ones of many. With x = m + Lw and w ~ N(w_u, C_u) for each of them,
 *
 *   m ← m + L·w̄      LLᵀ ← L·(Σ (C_u + (w_u − w̄)(w_u − w̄)ᵀ) / users)·Lᵀ
 *
 * and the noise becomes the expected mean square of the residuals.
 */
export function refitPrior(model: Model, space: UserSpace, prior: UserPrior): UserPrior {
  let refitted = prior
  for (let round = 0; round < rounds; round++) refitted = refitOnce(model, space, refitted)
  return refitted
}

function refitOnce(model: Model, space: UserSpace, prior: UserPrior): UserPrior {
  const { size } = space
  const users = sampledUsers(model, maxUsers)
  const meanW = new Float64Array(size)
  const spread = new Float64Array(size * size)
  let squares = 0
  let ratings = 0
  for (const user of users) {
    const own = ownRatings(model, user)
    const { w, addCovariance } = foldIn(space, prior, own)
    squares += addCovariance(spread)
    ratings += own.rating.length
    for (let i = 0; i < size; i++) {
      meanW[i]! += w[i]! / users.length
      for (let j = 0; j < size; j++) spread[i * size + j]! += w[i]! * w[j]!
    }
  }
  if (ratings === 0) return prior
  for (let i = 0; i < size; i++)
    for (let j = 0; j < size; j++)
      spread[i * size + j] = spread[i * size + j]! / users.length - meanW[i]! * meanW[j]!
  factorise(spread, size)
  const mean = new Float64Array(size)
  timesLower(prior.root, meanW, mean)
  return {
    mean: mean.map((moved, i) => prior.mean[i]! + moved),
    shift: null,
    root: productOfLower(prior.root, spread, size),
    noise: Math.max(leastNoise(model), squares / ratings),
  }
}

/**
 * The product of two lower triangular matrices [size, size]; what stands above a diagonal is not
 * read.
 */
function productOfLower(a: Float64Array, b: Float64Array, size: number): Float64Array {
  const product = new Float64Array(size * size)
  for (let i = 0; i < size; i++)
    for (let n = 0; n <= i; n++) {
      const scale = a[i * size + n]!
      for (let j = 0; j <= n; j++) product[i * size + j]! += scale * b[n * size + j]!
    }
  return product
}
