import { dot } from '../numeric/linear/dot.ts'
import type { Matrix } from '../numeric/linear/matrix.ts'
import type { Model } from './model.ts'

/** The orders of a list: how well movies suit the user, or what rating is predicted. */
export const listOrders = ['relevance', 'rating'] as const
export type ListOrder = (typeof listOrders)[number]

/** How well movies suit users, for lists: the higher the better, meaning nothing in stars. */
export type Ranker = {
  /** u·v of every movie for one user, into `out` [movies]; −1, an unknown user, is the mean one. */
  scoreAll(userIndex: number, out: Float32Array): void
  /** The u of these products. */
  vectorOf(userIndex: number): Float32Array
}

/** A ranker by a model's ranking factors; null where it has none. */
export function createRanker({ ranking }: Pick<Model, 'ranking'>): Ranker | null {
  if (!ranking) return null
  const { userFactors, movieFactors, meanUser } = ranking
  const k = movieFactors.columns
  const vectorOf = (user: number) =>
    user < 0 ? meanUser : userFactors.data.subarray(user * k, (user + 1) * k)
  return {
    vectorOf,
    scoreAll(userIndex, out) {
      const vector = vectorOf(userIndex)
      for (let movie = 0; movie < out.length; movie++)
        out[movie] = dot(vector, 0, movieFactors.data, movie * k, k)
    },
  }
}

/**
 * What n ratings of a user weigh in their ranking vector beside the mean user, who weighs as much as
 * c of them, n/(n + c): least squares pull somebody with few ratings to zero, whose lists would be
 * worse than popularity.
 */
export function evidenceShare(ratings: number, prior: number): number {
  return ratings / (ratings + prior)
}

/** `vector` [k] ← share · `vector` + (1 − share) · `meanUser`, see `evidenceShare`. */
export function leanOnMean(
  vector: Float32Array | Float64Array,
  meanUser: Float32Array,
  ratings: number,
  prior: number,
): void {
  const share = evidenceShare(ratings, prior)
  for (let k = 0; k < vector.length; k++)
    vector[k] = share * vector[k]! + (1 - share) * meanUser[k]!
}

/** The mean of the rows of a matrix [columns]. */
export function meanOfRows({ rows, columns, data }: Matrix): Float32Array {
  const sum = new Float64Array(columns)
  for (let row = 0; row < rows; row++)
    for (let k = 0; k < columns; k++) sum[k]! += data[row * columns + k]!
  return Float32Array.from(sum, (value) => value / rows)
}
