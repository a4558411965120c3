import { topN } from '../numeric/top-n.ts'
import { createFilter, type MovieFilter } from './movie-filter.ts'
import { type RankedMovie, rankedMovie } from './ranked-movie.ts'
import type { Snapshot } from './snapshot.ts'

export type RankOptions = MovieFilter & {
  order: 'top' | 'bottom'
  n: number
  /** Only among so many of the most rated movies; the filters apply within them. */
  mostRated: number
}
export type BiasRanking = {
  /** `model`: what the algorithm learnt; `baseline`: the damped bias in stars, where it learns none. */
  source: 'model' | 'baseline'
  items: (RankedMovie & { bias: number })[]
}

/** Movies by their bias: what is left of a rating once the users' taste is taken out. */
export function rankByBias(
  snapshot: Snapshot,
  { order, n, mostRated, ...filter }: RankOptions,
): BiasRanking {
  const { model, statistics } = snapshot
  const bias = model.movieBias ?? model.baseline.movieBias
  const scores = order === 'top' ? bias : bias.map((value) => -value)
  const isAmongMostRated = new Uint8Array(bias.length)
  for (const movie of statistics.mostRated.subarray(0, mostRated)) isAmongMostRated[movie] = 1

  const isWanted = createFilter(snapshot, filter)
  const ranked = topN(scores, n, (movie) => isAmongMostRated[movie] === 1 && isWanted(movie))
  return {
    source: model.movieBias ? 'model' : 'baseline',
    items: ranked.map((movie) => ({
      ...rankedMovie(snapshot, movie),
      bias: bias[movie]!,
    })),
  }
}
