import type { RatingScale } from '../../model/data/rating-scale.ts'
import type { Ratings } from '../../model/data/ratings.ts'
import type { ScaleReport } from '../import-report.ts'
import { type Reading, readRecords } from '../readers/read-records.ts'
import type { GivenColumns } from './columns/given-columns.ts'
import { expectedRatings, ratingFormat } from './columns/rating-format.ts'
import { leaveOutMarks } from './leave-out-marks.ts'
import { RatingColumns } from './rating-columns.ts'
import { scaleReport } from './scale-report.ts'

/** Ratings that were read, row by row as they stand in the file, repeats included. */
export type RatingsRead = Reading & { readonly ratings: Ratings; readonly scale: ScaleReport }

/**
 * The ratings of a file in any known format. Of a declared scale every line outside is refused;
 * where none is declared, any number is a rating. Columns may be given; others are found by the header.
 */
export async function readRatings(
  body: AsyncIterable<Uint8Array>,
  declared: RatingScale | null = null,
  given: GivenColumns | null = null,
  maxLines?: number,
): Promise<RatingsRead> {
  const columns = new RatingColumns()
  const records = await readRecords(
    body,
    (line) => ratingFormat(line, columns, declared, given),
    expectedRatings,
    maxLines,
  )
  const read = { ...records, ratings: columns.build() }
  const { reading, ratings, lineOf } = declared === null ? leaveOutMarks(read) : read
  return { ...reading, ratings, scale: scaleReport(ratings.rating, lineOf, declared) }
}
