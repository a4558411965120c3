import type { Baseline, Model } from '../../../model/model.ts'
import { createRanker } from '../../../model/ranker.ts'
import { createScorer, type ScoredModel } from '../../../model/scorer.ts'
import { createBest } from '../../../numeric/search/best.ts'
import { type BitSet, isIn } from '../../../numeric/search/bit-set.ts'
import { openProductIndex, type ProductQuery } from '../../../numeric/search/product-index.ts'
import { sortedIndices } from '../../../numeric/search/sorted-indices.ts'
import { topN } from '../../../numeric/search/top-n.ts'
import type { Ordering, ScoreAll, Search } from './ordering.ts'

/** The first n of the allowed movies for a user, fewer where fewer are allowed. */
export type Lister = (user: number, allowed: BitSet) => number[]

/** A search asks for so many more than n, to see where scores tie in single precision. */
const spare = 6
/** Relative: as far as the sigmoid may fall in its last bits where its argument rises. */
const slack = 1e-14
/** With more ties than that at the end of a list, all movies are scored. */
const mostFound = 400

/** A lister over `movies` movies; `searcher` numbers those that search the same rows at once. */
export function createLister(
  ordering: Ordering,
  n: number,
  movies: number,
  search: Search | null,
  searcher: number,
): Lister {
  switch (ordering.by) {
    case 'order':
      return (_, allowed) => firstAllowed(ordering.order, n, allowed)
    case 'biases':
      return byBiases(ordering.baseline, n)
    case 'relevance':
      return byRelevance(ordering.model, n, movies, search, searcher)
    case 'rating':
      return byRating(ordering.model, n, movies, search, searcher)
    case 'scores':
      return byScores(ordering.scoreAll, n, movies)
  }
}

function firstAllowed(order: Uint32Array, n: number, allowed: BitSet): number[] {
  const first: number[] = []
  for (let i = 0; i < order.length && first.length < n; i++)
    if (isIn(allowed, order[i]!)) first.push(order[i]!)
  return first
}

/**
 * μ + b_u + b_m falls with b_m, but in single precision movies of other biases may tie, and which
 * do depends on b_u: the walk down the biases goes on until a score is lower than the n-th.
 */
function byBiases({ mean, userBias, movieBias }: Baseline, n: number): Lister {
  const order = sortedIndices(movieBias.length, (a, b) => movieBias[b]! - movieBias[a]!)
  return (user, allowed) => {
    const ofUser = user < 0 ? 0 : userBias[user]!
    const best = createBest(n)
    let found = 0
    let highest = 0
    for (const movie of order) {
      if (!isIn(allowed, movie)) continue
      const bias = movieBias[movie]!
      const score = Math.fround(mean + ofUser + bias)
      if (found === 0) highest = bias
      // With one bias for all so far, the indices rise.
      if (found >= n && (score < best.least || bias === highest)) break
      best.offer(movie, score)
      found += 1
    }
    return best.ranked()
  }
}

function byScores(scoreAll: ScoreAll, n: number, movies: number): Lister {
  const scores = new Float32Array(movies)
  return (user, allowed) => {
    scoreAll(user, scores)
    return topN(scores, n, (movie) => isIn(allowed, movie))
  }
}

function byRelevance(
  model: Pick<Model, 'ranking'>,
  n: number,
  movies: number,
  search: Search | null,
  searcher: number,
): Lister {
  const ranker = createRanker(model)!
  const all = byScores(ranker.scoreAll, n, movies)
  if (!search) return all
  const index = openProductIndex(
    search.kernels,
    search.rows,
    model.ranking!.movieFactors,
    null,
    searcher,
  )
  return (user, allowed) => {
    const query = { vector: ranker.vectorOf(user), offset: 0 }
    const found = firstOfSearch(index, query, n, allowed, (movie) => index.score(query, movie))
    return found ?? all(user, allowed)
  }
}

function byRating(
  model: ScoredModel,
  n: number,
  movies: number,
  search: Search | null,
  searcher: number,
): Lister {
  const scorer = createScorer(model)
  const all = byScores(scorer.scoreAll, n, movies)
  if (!search) return all
  const { userFactors, movieFactors, userBias, movieBias } = model
  const { columns, data } = userFactors
  const unknown = byBiases(model.baseline, n)
  const index = openProductIndex(search.kernels, search.rows, movieFactors, movieBias, searcher)
  return (user, allowed) => {
    if (user < 0) return unknown(user, allowed)
    const vector = data.subarray(user * columns, (user + 1) * columns)
    const query = { vector, offset: userBias?.[user] ?? 0 }
    const found = firstOfSearch(index, query, n, allowed, scorer.ofUser(user).score)
    return found ?? all(user, allowed)
  }
}

/**
 * The first n by `score` in single precision, which never falls where the product rises: a search
 * by the product that goes on until a score is lower than the n-th. Null where too many tie.
 */
function firstOfSearch(
  index: ReturnType<typeof openProductIndex>,
  query: ProductQuery,
  n: number,
  allowed: BitSet,
  score: (movie: number) => number,
): number[] | null {
  for (let asked = n + spare; asked < mostFound; asked *= 2) {
    const found = index.search(query, asked, allowed)
    const best = createBest(n)
    let last = 0
    for (const movie of found) {
      last = score(movie)
      best.offer(movie, Math.fround(last))
    }
    const isAll = found.length < asked
    if (isAll || Math.fround(last + slack * Math.abs(last)) < best.least) return best.ranked()
  }
  return null
}
