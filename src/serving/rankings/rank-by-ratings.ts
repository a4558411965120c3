import { type WindowName, windowDays } from '../../model/data/recent-ratings.ts'
import { isIn } from '../../numeric/search/bit-set.ts'
import { topN } from '../../numeric/search/top-n.ts'
import { type MovieFilter, passingMovies } from '../lists/movie-filter.ts'
import type { Snapshot } from '../snapshot.ts'
import { type RankedMovie, rankedMovie } from './ranked-movie.ts'

type Options = MovieFilter & { n: number }

/**
 * Movies by their damped mean in rating units, as if each had `damping` ratings more, all of the mean of
 * all ratings: Σ r + damping·μ over n + damping.
 */
export function rankByMean(
  snapshot: Snapshot,
  { order, damping, ...options }: Options & { order: 'top' | 'bottom'; damping: number },
): { items: (RankedMovie & { dampedMean: number })[] } {
  const { counts } = snapshot.live
  const { ratings, mean } = counts
  const damped = Float32Array.from(ratings, (count, movie) =>
    count === 0 ? mean : (count * counts.meanOf(movie) + damping * mean) / (count + damping),
  )
  const scores = order === 'top' ? damped : damped.map((value) => -value)
  return {
    items: ranked(snapshot, scores, options, (movie) => ratings[movie]! > 0).map((movie) => {
      return { ...rankedMovie(snapshot, movie), dampedMean: damped[movie]! }
    }),
  }
}

/** Movies by how many rated them. */
export function rankByPopularity(snapshot: Snapshot, options: Options): { items: RankedMovie[] } {
  const counts = Float32Array.from(snapshot.live.counts.ratings)
  return {
    items: ranked(snapshot, counts, options).map((movie) => rankedMovie(snapshot, movie)),
  }
}

export type TrendingRanking = {
  /** The time of the newest rating, where the window ends; null where no time is known. */
  asOf: string | null
  items: (RankedMovie & { recentRatings: number; expectedRatings: number; trend: number })[]
}

/**
 * Movies that were rated in the window, by how much more often than their share e of all its
 * ratings lets expect, with c of a movie's n ratings in it and C of all N:
 *
 *   e = n·C / N      trend = (c − e) / √(e + 1)
 *
 * which is in standard deviations of a Poisson count, damped by one. Nothing where no time is
 * known.
 */
export function rankByTrend(
  snapshot: Snapshot,
  { window, ...options }: Options & { window: WindowName },
): TrendingRanking {
  const { recent, movies } = snapshot.model
  const { ratings } = snapshot.statistics
  const index = recent?.days.indexOf(windowDays[window]) ?? -1
  if (!recent || index < 0) return { asOf: null, items: [] }
  const counts = recent.counts.subarray(index * movies.size, (index + 1) * movies.size)
  const share = sumOf(counts) / sumOf(ratings)
  const expected = Float32Array.from(ratings, (count) => count * share)
  const trend = expected.map((e, movie) => (counts[movie]! - e) / Math.sqrt(e + 1))
  return {
    asOf: new Date(recent.asOf * 1_000).toISOString(),
    items: ranked(snapshot, trend, options, (movie) => counts[movie]! > 0).map((movie) => ({
      ...rankedMovie(snapshot, movie),
      recentRatings: counts[movie]!,
      expectedRatings: expected[movie]!,
      trend: trend[movie]!,
    })),
  }
}

function ranked(
  snapshot: Snapshot,
  scores: Float32Array,
  { n, ...filter }: Options,
  isRanked: (movie: number) => boolean = () => true,
): number[] {
  const passing = passingMovies(snapshot, filter)
  return topN(scores, n, (movie) => isIn(passing, movie) && isRanked(movie))
}

function sumOf(counts: Uint32Array): number {
  return counts.reduce((sum, count) => sum + count, 0)
}
