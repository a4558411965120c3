import type { Arena } from '../../../../numeric/kernels/arena.ts'
import { gamma } from '../../../../numeric/random/gamma.ts'
import type { Random } from '../../../../numeric/random/random.ts'
import type { Inputs, Sizes } from './layout.ts'
import type { SideName } from './sides.ts'

/** ν: how alike users are in how far their ratings stray. */
const likeness = 4

/**
 * Draws how much the ratings of each user count: the precision of a rating of user u is α·w_u,
 * since some rate at random and some by rule (Lakshminarayanan, Bouchard and Archambeau, "Robust
 * Bayesian matrix factorisation", 2011). With the n_u squared errors of a user summing up to E_u,
 *
 *   w_u ~ Gamma(ν/2 + n_u/2, ν/2 + α·E_u/2)
 */
export function drawUserWeights(
  weights: Float64Array,
  errors: Float64Array,
  start: Uint32Array,
  noise: number,
  random: Random,
): void {
  for (let user = 0; user < weights.length; user++) {
    const ratings = start[user + 1]! - start[user]!
    weights[user] =
      gamma((likeness + ratings) / 2, random) / ((likeness + noise * errors[user]!) / 2)
  }
}

/**
 * Writes the weight of each rating of a side, and its target times that, where the kernels read
 * them.
 */
export function weighRatings(
  arena: Arena,
  side: SideName,
  { sides }: Inputs,
  { ratings }: Sizes,
  start: Uint32Array,
  weights: Float64Array,
): void {
  const at = sides[side]
  const weight = arena.f32(at.weight, ratings)
  if (side === 'user')
    for (let user = 0; user < weights.length; user++)
      weight.fill(weights[user]!, start[user]!, start[user + 1]!)
  else {
    const users = arena.u32(at.index, ratings)
    for (let i = 0; i < ratings; i++) weight[i] = weights[users[i]!]!
  }
  const target = arena.f32(at.target, ratings)
  const weighted = arena.f32(at.weightedTarget, ratings)
  for (let i = 0; i < ratings; i++) weighted[i] = weight[i]! * target[i]!
}
