import type { RatingScale } from '../../model/data/rating-scale.ts'
import type { RatingsReport } from '../import-report.ts'
import type { ObjectStore } from '../object-store.ts'
import { withScratchFile } from '../readers/scratch-file.ts'
import { notesOf } from '../segments/import-record.ts'
import { type ArchiveLimits, archiveLimits } from '../zip/archive-limits.ts'
import { unpacked } from '../zip/unpacked.ts'
import type { GivenColumns } from './columns/given-columns.ts'
import { declaredScaleOf, declareScale } from './declared-scale.ts'
import { putColumns } from './ratings-segment.ts'
import { type RatingsRead, readColumns } from './read-ratings.ts'

/**
 * Reads a file of ratings and stores what it could take; nothing when the file fails midway. With
 * a scale, which is thereby declared for all ratings of the store, or one declared before, only
 * what lies within is taken; with columns, those are read.
 */
export async function importRatings(
  store: ObjectStore,
  body: AsyncIterable<Uint8Array>,
  {
    scale,
    columns = null,
    key = null,
    limits = {},
  }: {
    scale?: RatingScale | undefined
    columns?: GivenColumns | null
    /** Which key imports, for the record. */
    key?: string | null
    limits?: Partial<ArchiveLimits>
  } = {},
): Promise<RatingsReport> {
  const declared = scale ?? (await declaredScaleOf(store))
  const { maxIds } = { ...archiveLimits, ...limits }
  return withScratchFile(async (file) => {
    const reader = (lines: AsyncIterable<Uint8Array>, maxLines?: number) =>
      readColumns(lines, declared, { given: columns, maxLines, maxIds, file })
    const read = await unpacked(body, 'ratings', reader, limits)
    return storeRatings(store, read, key)
  })
}

/** Stores ratings that were read, as one segment, and the scale that they were read by. */
export async function storeRatings(
  store: ObjectStore,
  read: RatingsRead,
  key: string | null,
): Promise<RatingsReport> {
  const { columns, ...report } = read
  const { declared } = report.scale
  const scale = declared && (await declareScale(store, declared))
  return { ...report, segment: await putColumns(store, columns, notesOf(report, key, scale)) }
}
