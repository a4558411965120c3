import { addOuter, factorise } from '../../numeric/linear/cholesky.ts'
import { starOf } from '../data/rating-scale.ts'
import type { Model } from '../model.ts'
import type { UserSpace } from '../user-space.ts'
import type { UserPrior } from './user-prior.ts'

const maxUsers = 5_000
const maxRows = 50_000
/**
 * The least noise, in squares of ratings: a model that fits its ratings exactly would take every
 * new one for the truth.
 */
export function leastNoise({ ratingScale }: Model): number {
  return 1e-3 * starOf(ratingScale) ** 2
}

/**
 * Fits the prior to the trained users: mean and covariance of their vectors, and the mean squared
 * residual of their ratings; of very many, evenly spaced ones.
 */
export function fitPrior(model: Model, space: UserSpace): UserPrior {
  const { size } = space
  const users = sampledUsers(model)
  const x = new Float64Array(size)
  const mean = new Float64Array(size)
  for (const user of users) {
    space.trained(user, x)
    for (let i = 0; i < size; i++) mean[i]! += x[i]! / users.length
  }
  const root = new Float64Array(size * size)
  for (const user of users) {
    space.trained(user, x)
    for (let i = 0; i < size; i++) x[i]! -= mean[i]!
    addOuter(root, size, x, 0, 1 / users.length)
  }
  factorise(root, size)
  return { mean, shift: null, root, noise: noiseOf(model, space) }
}

/** All users, or of more than `most` evenly spaced ones. */
export function sampledUsers({ users }: Model, most = maxUsers): number[] {
  const stride = Math.max(1, Math.ceil(users.size / most))
  return Array.from({ length: Math.ceil(users.size / stride) }, (_, i) => i * stride)
}

/** The mean squared residual of at most 50,000 of the users' ratings. */
function noiseOf(model: Model, space: UserSpace): number {
  const { rated, users } = model
  const stride = Math.max(1, Math.ceil(rated.rating.length / maxRows))
  const x = new Float64Array(space.size)
  const gradient = new Float64Array(space.size)
  let sum = 0
  let count = 0
  for (let user = 0; user < users.size; user++) {
    space.trained(user, x)
    const end = rated.offsets[user + 1]!
    for (let row = Math.ceil(rated.offsets[user]! / stride) * stride; row < end; row += stride) {
      const z = space.slope(x, rated.movieIndex[row]!, gradient)
      sum += (space.ratingOf(z) - rated.rating[row]!) ** 2
      count += 1
    }
  }
  return count === 0 ? starOf(model.ratingScale) ** 2 : Math.max(leastNoise(model), sum / count)
}
