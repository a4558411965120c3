import { MarqueeError } from '../../errors.ts'
import {
  type BitSet,
  createBitSet,
  fullBitSet,
  removeFrom,
  subtract,
} from '../../numeric/search/bit-set.ts'
import { foldText } from '../catalogue/fold-text.ts'
import type { Snapshot } from '../snapshot.ts'

export type MovieFilter = {
  /** Any of them, in any case; a movie of no known genre has none of them. */
  genres?: readonly string[] | undefined
  /** Inclusive; a movie whose year is not known passes no bound. */
  yearFrom?: number | undefined
  yearTo?: number | undefined
  /** At least so many ratings. */
  minRatings?: number | undefined
}

/**
 * The movies that pass, by index, without hidden ones: a set of the caller's own. What is not asked
 * for lets all pass.
 * An `invalid-request` error for years that no movie can have.
 */
export function passingMovies(
  { model, years, live, moviesOfGenre, hidden }: Snapshot,
  { genres, yearFrom, yearTo, minRatings = 0 }: MovieFilter,
): BitSet {
  if (yearFrom !== undefined && yearTo !== undefined && yearFrom > yearTo)
    throw new MarqueeError(
      'invalid-request',
      `yearFrom ${yearFrom} is after yearTo ${yearTo}: expected the earlier year first.`,
    )
  const size = model.movies.size
  const passing = genres ? createBitSet(size) : fullBitSet(size)
  for (const genre of genres ?? [])
    for (const [word, bits] of moviesOfGenre.get(foldText(genre))?.entries() ?? [])
      passing[word]! |= bits
  if (yearFrom !== undefined || yearTo !== undefined) {
    const [from, to] = [yearFrom ?? -Infinity, yearTo ?? Infinity]
    for (let movie = 0; movie < size; movie++)
      if (!(years[movie]! >= from && years[movie]! <= to)) removeFrom(passing, movie)
  }
  if (minRatings > 0) {
    const { ratings } = live.counts
    for (let movie = 0; movie < size; movie++)
      if (ratings[movie]! < minRatings) removeFrom(passing, movie)
  }
  if (hidden) subtract(passing, hidden)
  return passing
}
