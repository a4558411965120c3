import type { Snapshot } from './snapshot.ts'

/**
 * How many rated a movie, and the mean, NaN where there is none; null for one that the model does
 * not know and nobody has rated since.
 */
export function movieCounts(
  { model, live }: Pick<Snapshot, 'model' | 'live'>,
  movieId: string,
): { ratings: number; mean: number } | null {
  const movie = model.movies.indexOf(movieId)
  if (movie >= 0) return { ratings: live.counts.ratings[movie]!, mean: live.counts.meanOf(movie) }
  const ofNew = live.ofNewMovie(movieId)
  return ofNew.ratings > 0 ? ofNew : null
}
