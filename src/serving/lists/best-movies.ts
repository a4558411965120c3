import type { ListOrder } from '../../model/ranker.ts'
import { dot } from '../../numeric/linear/dot.ts'
import { type BitSet, isIn } from '../../numeric/search/bit-set.ts'
import { topN } from '../../numeric/search/top-n.ts'
import type { Profile } from '../profile.ts'
import type { Snapshot } from '../snapshot.ts'

/** A movie and what it is ordered by. */
export type Ranked = { readonly movie: number; readonly score: number }

/**
 * The `n` allowed movies that suit somebody best, or with the highest ratings before they are put
 * into the scale, which is the order too where nothing is known of their relevance; best first,
 * equal ones by movie index. Of movies that are not wanted the list is cut clean: it goes on behind
 * them, and its first ones do not depend on `n`.
 */
export function bestMovies(
  snapshot: Snapshot,
  profile: Profile,
  orderBy: ListOrder,
  n: number,
  allowed: BitSet,
  isWanted: IsWanted | null = null,
): Ranked[] {
  const wanted = isWanted ?? (() => true)
  return orderBy === 'relevance' && profile.rankingVector
    ? mostRelevant(snapshot, profile.rankingVector, n, allowed, wanted)
    : highestRated(snapshot, profile, n, allowed, wanted)
}

type IsWanted = (movie: number) => boolean

function mostRelevant(
  { model, rankingIndex }: Snapshot,
  vector: Float32Array,
  n: number,
  allowed: BitSet,
  isWanted: IsWanted,
): Ranked[] {
  const { columns, data } = model.ranking!.movieFactors
  const score = (movie: number) => Math.fround(dot(vector, 0, data, movie * columns, columns))
  const found = rankingIndex
    ? rankingIndex.search({ vector, offset: 0 }, n, allowed, isWanted)
    : topN(
        Float32Array.from({ length: model.movies.size }, (_, movie) => score(movie)),
        n,
        (movie) => isIn(allowed, movie) && isWanted(movie),
      )
  return found.map((movie) => ({ movie, score: score(movie) }))
}

function highestRated(
  { model, index, byBaseline }: Snapshot,
  profile: Profile,
  n: number,
  allowed: BitSet,
  isWanted: IsWanted,
): Ranked[] {
  const search = () => {
    if (profile.isUnknown) return firstAllowed(byBaseline, n, allowed, isWanted)
    if (index) return index.search(profile.query, n, allowed, isWanted)
    const scores = new Float32Array(model.movies.size)
    profile.scoreAll(scores)
    return topN(scores, n, (movie) => isIn(allowed, movie) && isWanted(movie))
  }
  return search().map((movie) => ({ movie, score: Math.fround(profile.score(movie)) }))
}

/** The first `n` allowed movies of a prepared order that are wanted. */
export function firstAllowed(
  order: Uint32Array,
  n: number,
  allowed: BitSet,
  isWanted: IsWanted = () => true,
): number[] {
  const first: number[] = []
  for (let i = 0; i < order.length && first.length < n; i++)
    if (isIn(allowed, order[i]!) && isWanted(order[i]!)) first.push(order[i]!)
  return first
}
