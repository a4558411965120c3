import type { Ratings } from '../../model/data/ratings.ts'
import type { ImportReport } from '../import-report.ts'
import type { ObjectStore } from '../object-store.ts'
import type { Reading } from '../readers/read-records.ts'
import { putRatings } from './ratings-segment.ts'
import { readRatings } from './read-ratings.ts'

/** Reads a file of ratings and stores what it could take; nothing when the file fails midway. */
export async function importRatings(
  store: ObjectStore,
  body: AsyncIterable<Uint8Array>,
): Promise<ImportReport> {
  return storeRatings(store, await readRatings(body))
}

/** Stores ratings that were read, as one segment. */
export async function storeRatings(
  store: ObjectStore,
  read: Reading & { readonly ratings: Ratings },
): Promise<ImportReport> {
  const { ratings, ...reading } = read
  return { ...reading, segment: await putRatings(store, ratings) }
}
