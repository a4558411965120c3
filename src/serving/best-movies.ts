import type { Relevance } from '../model/relevance.ts'
import { type BitSet, isIn } from '../numeric/bit-set.ts'
import { dot } from '../numeric/dot.ts'
import { topN } from '../numeric/top-n.ts'
import type { Snapshot } from './snapshot.ts'

/** A movie and what it is ordered by. */
export type Ranked = { readonly movie: number; readonly score: number }

/**
 * The `n` allowed movies that suit a user best, or, without relevance, with the highest ratings before
 * they are put into the scale; best first, equal ones by movie index. −1 stands for an unknown user.
 */
export function bestMovies(
  snapshot: Snapshot,
  relevance: Relevance | null,
  user: number,
  n: number,
  allowed: BitSet,
): Ranked[] {
  return relevance
    ? mostRelevant(snapshot, relevance, user, n, allowed)
    : highestRated(snapshot, user, n, allowed)
}

function mostRelevant(
  { model, relevanceIndex }: Snapshot,
  relevance: Relevance,
  user: number,
  n: number,
  allowed: BitSet,
): Ranked[] {
  const vector = relevance.vectorOf(user)
  const { columns, data } = model.ranking!.movieFactors
  const found = relevanceIndex
    ? relevanceIndex.search({ vector, offset: 0 }, n, allowed)
    : scanAll(model.movies.size, (out) => relevance.scoreAll(user, out), n, allowed)
  return found.map((movie) => {
    return { movie, score: Math.fround(dot(vector, 0, data, movie * columns, columns)) }
  })
}

function highestRated(
  { model, scorer, index, byBaseline }: Snapshot,
  user: number,
  n: number,
  allowed: BitSet,
): Ranked[] {
  const search = () => {
    if (user < 0) return firstAllowed(byBaseline, n, allowed)
    if (!index) return scanAll(model.movies.size, (out) => scorer.scoreAll(user, out), n, allowed)
    const { columns, data } = model.userFactors
    const vector = data.subarray(user * columns, (user + 1) * columns)
    return index.search({ vector, offset: model.userBias?.[user] ?? 0 }, n, allowed)
  }
  return search().map((movie) => ({ movie, score: Math.fround(scorer.score(user, movie)) }))
}

function scanAll(
  size: number,
  scoreAll: (out: Float32Array) => void,
  n: number,
  allowed: BitSet,
): number[] {
  const scores = new Float32Array(size)
  scoreAll(scores)
  return topN(scores, n, (movie) => isIn(allowed, movie))
}

/** The first `n` allowed movies of a prepared order. */
export function firstAllowed(order: Uint32Array, n: number, allowed: BitSet): number[] {
  const first: number[] = []
  for (let i = 0; i < order.length && first.length < n; i++)
    if (isIn(allowed, order[i]!)) first.push(order[i]!)
  return first
}
