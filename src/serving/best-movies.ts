import { type BitSet, isIn } from '../numeric/bit-set.ts'
import { topN } from '../numeric/top-n.ts'
import type { Snapshot } from './snapshot.ts'

/**
 * The `n` allowed movies with the highest scores for a user, best first, equal ones by movie index:
 * by the index of products where the model is one, by what is known of the movies for user −1.
 */
export function bestMovies(
  { model, scorer, index, byBaseline }: Snapshot,
  user: number,
  n: number,
  allowed: BitSet,
): number[] {
  if (user < 0) return firstAllowed(byBaseline, n, allowed)
  if (index) {
    const { columns, data } = model.userFactors
    const vector = data.subarray(user * columns, (user + 1) * columns)
    return index.search({ vector, offset: model.userBias?.[user] ?? 0 }, n, allowed)
  }
  const scores = new Float32Array(model.movies.size)
  scorer.scoreAll(user, scores)
  return topN(scores, n, (movie) => isIn(allowed, movie))
}

/** The first `n` allowed movies of a prepared order. */
export function firstAllowed(order: Uint32Array, n: number, allowed: BitSet): number[] {
  const first: number[] = []
  for (let i = 0; i < order.length && first.length < n; i++)
    if (isIn(allowed, order[i]!)) first.push(order[i]!)
  return first
}
