import type { Ratings } from '../../model/data/ratings.ts'
import type { Vocabulary } from '../../model/data/vocabulary.ts'
import type { Comparison } from '../../model/promotion.ts'
import type { Measurement } from '../evaluation/measure-model.ts'
import { type PairedSums, pairedBootstrap } from './paired-bootstrap.ts'

/** What `measureModel` made of a model on the test rows, and whom its indices of users mean. */
export type Measured = {
  readonly users: Vocabulary
  readonly measurement: Pick<Measurement, 'predicted' | 'listUsers' | 'ndcgs'>
}

/** So much worse than the serving model a candidate may be, relative to that one's figure. */
export const tolerance = { rmse: 0.005, 'ndcg@10': 0.02 } as const

/**
 * Two models, measured on the same test rows, user by user: RMSE over all rows, NDCG@10 over the users
 * whose lists were measured of both; null without any. The test must have a row.
 */
export function compareMeasured(
  test: Ratings,
  candidate: Measured,
  serving: Measured,
  seed: number,
): Pick<Comparison, 'rows' | 'rmse' | 'ndcg@10'> {
  const errors = pairedBootstrap(errorSums(test, candidate, serving), Math.sqrt, seed)
  const ndcgs = ndcgSums(candidate, serving)
  const lists = ndcgs.weight.length > 0 ? pairedBootstrap(ndcgs, (mean) => mean, seed) : null
  return {
    rows: test.rating.length,
    rmse: { ...errors, tolerance: tolerance.rmse * errors.serving },
    'ndcg@10': lists && { ...lists, tolerance: tolerance['ndcg@10'] * lists.serving },
  }
}

/** Squared errors of each user of the test rows. */
function errorSums(test: Ratings, candidate: Measured, serving: Measured): PairedSums {
  const { userIndex, rating } = test
  const place = new Int32Array(test.users.size).fill(-1)
  let users = 0
  for (const user of userIndex) if (place[user] === -1) place[user] = users++
  const weight = new Float64Array(users)
  for (const user of userIndex) weight[place[user]!]! += 1
  const squared = ({ measurement: { predicted } }: Measured) => {
    const sum = new Float64Array(users)
    for (let row = 0; row < rating.length; row++)
      sum[place[userIndex[row]!]!]! += (predicted[row]! - rating[row]!) ** 2
    return sum
  }
  return { weight, candidate: squared(candidate), serving: squared(serving) }
}

/** NDCG of each user whose list was measured of both. */
function ndcgSums(candidate: Measured, serving: Measured): PairedSums {
  const listOf = new Map<string, number>()
  serving.measurement.listUsers.forEach((user, list) => {
    listOf.set(serving.users.idOf(user), list)
  })
  const pairs = Array.from(candidate.measurement.listUsers, (user, list) => {
    return [list, listOf.get(candidate.users.idOf(user))] as const
  }).filter(([, list]) => list !== undefined)
  return {
    weight: new Float64Array(pairs.length).fill(1),
    candidate: Float64Array.from(pairs, ([list]) => candidate.measurement.ndcgs[list]!),
    serving: Float64Array.from(pairs, ([, list]) => serving.measurement.ndcgs[list!]!),
  }
}
