import { addTo, createBitSet, intersect } from '../../numeric/search/bit-set.ts'
import { firstAllowed } from '../lists/best-movies.ts'
import { type MovieFilter, passingMovies } from '../lists/movie-filter.ts'
import type { Snapshot } from '../snapshot.ts'
import { type RankedMovie, rankedMovie } from './ranked-movie.ts'

export type RankOptions = MovieFilter & {
  order: 'top' | 'bottom'
  n: number
  /** Only among so many of the most rated movies; the filters apply within them. */
  mostRated: number
}
export type BiasRanking = {
  /**
   * `model`: what the algorithm learnt; `baseline`: the damped bias in rating units, where it learns none.
   */
  source: 'model' | 'baseline'
  items: (RankedMovie & { bias: number })[]
}

/** Movies by their bias: what is left of a rating once the users' taste is taken out. */
export function rankByBias(
  snapshot: Snapshot,
  { order, n, mostRated, ...filter }: RankOptions,
): BiasRanking {
  const { model, live, byBias } = snapshot
  const bias = model.movieBias ?? model.baseline.movieBias
  const allowed = passingMovies(snapshot, filter)
  const isAmongMostRated = createBitSet(bias.length)
  for (const movie of live.counts.mostRated.subarray(0, mostRated)) addTo(isAmongMostRated, movie)
  intersect(allowed, isAmongMostRated)
  return {
    source: model.movieBias ? 'model' : 'baseline',
    items: firstAllowed(byBias[order], n, allowed).map((movie) => ({
      ...rankedMovie(snapshot, movie),
      bias: bias[movie]!,
    })),
  }
}
