import { dot } from '../numeric/dot.ts'
import type { Matrix, Model } from './model.ts'

/** What a list is ordered by: how well movies suit the user, or what rating is predicted. */
export const listOrders = ['relevance', 'rating'] as const
export type ListOrder = (typeof listOrders)[number]

/** How well movies suit users, for lists: the higher the better, meaning nothing in stars. */
export type Relevance = {
  /**
   * u·v of every movie for one user, into `out` [movies]. −1, an unknown user, gets the mean over all
   * users: what most people like comes first.
   */
  scoreAll(userIndex: number, out: Float32Array): void
}

/** The relevance that a model's ranking factors give; null where it has none. */
export function createRelevance({ ranking }: Pick<Model, 'ranking'>): Relevance | null {
  if (!ranking) return null
  const { userFactors, movieFactors } = ranking
  const k = movieFactors.columns
  const meanUser = meanOfRows(userFactors)
  return {
    scoreAll(userIndex, out) {
      const [data, at] = userIndex < 0 ? [meanUser, 0] : [userFactors.data, userIndex * k]
      for (let movie = 0; movie < out.length; movie++)
        out[movie] = dot(data, at, movieFactors.data, movie * k, k)
    },
  }
}

function meanOfRows({ rows, columns, data }: Matrix): Float32Array {
  const sum = new Float64Array(columns)
  for (let row = 0; row < rows; row++)
    for (let k = 0; k < columns; k++) sum[k]! += data[row * columns + k]!
  return Float32Array.from(sum, (value) => value / rows)
}
