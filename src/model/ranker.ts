import { dot } from '../numeric/linear/dot.ts'
import type { Matrix } from '../numeric/linear/matrix.ts'
import { finish } from '../numeric/steps.ts'
import type { Model } from './model.ts'

/** What a list is ordered by: how well movies suit the user, or what rating is predicted. */
export const listOrders = ['relevance', 'rating'] as const
export type ListOrder = (typeof listOrders)[number]

/** How well movies suit users, for lists: the higher the better, meaning nothing in stars. */
export type Ranker = {
  /**
   * u·v of every movie for one user, into `out` [movies]. −1, an unknown user, gets the mean over all
   * users: what most people like comes first.
   */
  scoreAll(userIndex: number, out: Float32Array): void
  /** The u of these products. */
  vectorOf(userIndex: number): Float32Array
}

/** The relevance that a model's ranking factors give; null where it has none. */
export function createRanker(model: Pick<Model, 'ranking'>): Ranker | null {
  return finish(rankerSteps(model))
}

/** The same in steps. */
export function* rankerSteps({ ranking }: Pick<Model, 'ranking'>): Generator<void, Ranker | null> {
  if (!ranking) return null
  const { userFactors, movieFactors } = ranking
  const k = movieFactors.columns
  const meanUser = yield* meanOfRows(userFactors)
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

function* meanOfRows({ rows, columns, data }: Matrix): Generator<void, Float32Array> {
  const sum = new Float64Array(columns)
  for (let row = 0; row < rows; row++) {
    for (let k = 0; k < columns; k++) sum[k]! += data[row * columns + k]!
    if (row % 256 === 0) yield
  }
  return Float32Array.from(sum, (value) => value / rows)
}
