import { MarqueeError } from '../errors.ts'
import { foldText } from './fold-text.ts'
import type { Snapshot } from './snapshot.ts'

export type MovieFilter = {
  /** Any of them, in any case; a movie of no known genre has none of them. */
  genres?: readonly string[] | undefined
  /** Inclusive; a movie whose year is not known passes no bound. */
  yearFrom?: number | undefined
  yearTo?: number | undefined
  /** At least so many ratings behind the model. */
  minRatings?: number | undefined
}

/**
 * Tells by movie index whether a movie passes; what is not asked for lets every movie pass. An
 * `invalid-request` error for years that no movie can have.
 */
export function createFilter(
  snapshot: Snapshot,
  { genres, yearFrom, yearTo, minRatings = 0 }: MovieFilter,
): (movieIndex: number) => boolean {
  if (yearFrom !== undefined && yearTo !== undefined && yearFrom > yearTo)
    throw new MarqueeError(
      'invalid-request',
      `yearFrom ${yearFrom} is after yearTo ${yearTo}: expected the earlier year first.`,
    )
  const { years, statistics } = snapshot
  const hasGenre = genres && genreMask(snapshot, genres)
  return (movie) =>
    statistics.ratings[movie]! >= minRatings &&
    (yearFrom === undefined || years[movie]! >= yearFrom) &&
    (yearTo === undefined || years[movie]! <= yearTo) &&
    (!hasGenre || hasGenre[movie] === 1)
}

function genreMask({ model, moviesOfGenre }: Snapshot, genres: readonly string[]): Uint8Array {
  const mask = new Uint8Array(model.movies.size)
  for (const genre of genres)
    for (const movie of moviesOfGenre.get(foldText(genre)) ?? []) mask[movie] = 1
  return mask
}
