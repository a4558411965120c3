import type { RatingScale } from '../../model/data/rating-scale.ts'
import type { Ratings } from '../../model/data/ratings.ts'
import type { ScaleReport } from '../import-report.ts'
import { type Reading, readRecords } from '../readers/read-records.ts'
import type { ScratchFile } from '../readers/scratch-file.ts'
import type { GivenColumns } from './columns/given-columns.ts'
import { expectedRatings, ratingFormat } from './columns/rating-format.ts'
import { leaveOutMarks } from './leave-out-marks.ts'
import { RatingColumns } from './rating-columns.ts'
import { scaleReport } from './scale-report.ts'

/** Ratings that were read, row by row as they stand in the file, repeats included. */
export type RatingsRead = Reading & {
  readonly columns: RatingColumns
  readonly scale: ScaleReport
}

/**
 * The ratings of a file in any known format. Of a declared scale every line outside is refused;
 * where none is declared, any number is a rating. Columns may be given; others are found by the header.
 * Rows that would be too many for memory wait in the file.
 */
export async function readColumns(
  body: AsyncIterable<Uint8Array>,
  declared: RatingScale | null,
  { given = null, maxLines, maxIds, file = null }: ReadingOptions = {},
): Promise<RatingsRead> {
  const columns = new RatingColumns({ file, ...(maxIds && { mostIds: maxIds }) })
  const records = await readRecords(
    body,
    (line) => ratingFormat(line, columns, declared, given),
    expectedRatings,
    maxLines,
  )
  const all = { ...records, columns: columns.close() }
  const read = declared === null ? leaveOutMarks(all, file) : all
  const scale = scaleReport(read.columns.rows.pieces('rating'), read.lineOf, declared)
  return { ...read.reading, columns: read.columns, scale }
}

type ReadingOptions = {
  readonly given?: GivenColumns | null
  readonly maxLines?: number | undefined
  readonly maxIds?: number | undefined
  readonly file?: ScratchFile | null
}

/** The same in memory. */
export async function readRatings(
  body: AsyncIterable<Uint8Array>,
  declared: RatingScale | null = null,
  given: GivenColumns | null = null,
): Promise<Omit<RatingsRead, 'columns'> & { readonly ratings: Ratings }> {
  const { columns, ...read } = await readColumns(body, declared, { given })
  return { ...read, ratings: columns.build() }
}
