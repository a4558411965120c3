import { type MovieSummary, type Snapshot, summaryOf } from '../snapshot.ts'

export type RankedMovie = MovieSummary & {
  /** The plain mean in rating units; null where there is no rating. */
  meanRating: number | null
  ratings: number
}

/** A movie as every ranking shows it. */
export function rankedMovie(snapshot: Snapshot, movie: number): RankedMovie {
  const { counts } = snapshot.live
  const ratings = counts.ratings[movie]!
  const meanRating = ratings > 0 ? counts.meanOf(movie) : null
  return { ...summaryOf(snapshot, movie), meanRating, ratings }
}
