import { type MovieSummary, type Snapshot, summaryOf } from '../snapshot.ts'

export type RankedMovie = MovieSummary & {
  /** The plain mean in rating units; null where there is no rating. */
  meanRating: number | null
  ratings: number
}

/** A movie as every ranking shows it. */
export function rankedMovie(snapshot: Snapshot, movie: number): RankedMovie {
  const { ratings, meanRating } = snapshot.statistics
  return {
    ...summaryOf(snapshot, movie),
    meanRating: ratings[movie]! > 0 ? meanRating[movie]! : null,
    ratings: ratings[movie]!,
  }
}
