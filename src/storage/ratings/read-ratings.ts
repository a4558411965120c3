import type { RatingScale } from '../../model/data/rating-scale.ts'
import type { Ratings } from '../../model/data/ratings.ts'
import { type Reading, readRecords } from '../readers/read-records.ts'
import { leaveOutMarks } from './leave-out-marks.ts'
import { RatingColumns } from './rating-columns.ts'
import { expectedRatings, ratingFormat } from './rating-format.ts'

/** Ratings that were read, row by row as they stand in the file, repeats included. */
export type RatingsRead = Reading & { readonly ratings: Ratings }

/**
 * The ratings of a file in any known format. Of a declared scale every line outside is refused;
 * where none is declared, any number is a rating.
 */
export async function readRatings(
  body: AsyncIterable<Uint8Array>,
  scale: RatingScale | null = null,
): Promise<RatingsRead> {
  const columns = new RatingColumns()
  const { reading, lineOf } = await readRecords(
    body,
    (line) => ratingFormat(line, columns, scale),
    expectedRatings,
  )
  const read = { ...reading, ratings: columns.build() }
  return scale === null ? leaveOutMarks(read, lineOf) : read
}
