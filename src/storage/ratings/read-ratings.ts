import type { Ratings } from '../../model/data/ratings.ts'
import { type Reading, readRecords } from '../readers/read-records.ts'
import { RatingColumns } from './rating-columns.ts'
import { expectedRatings, ratingFormat } from './rating-format.ts'

/** The ratings of a file in any known format, row by row as they stand there, repeats included. */
export async function readRatings(
  body: AsyncIterable<Uint8Array>,
): Promise<Reading & { readonly ratings: Ratings }> {
  const columns = new RatingColumns()
  const reading = await readRecords(body, (line) => ratingFormat(line, columns), expectedRatings)
  return { ...reading, ratings: columns.build() }
}
