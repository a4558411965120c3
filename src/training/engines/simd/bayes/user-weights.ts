import { gamma } from '../../../../numeric/random/gamma.ts'
import type { Random } from '../../../../numeric/random/random.ts'

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
