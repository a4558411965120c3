import type { ImportReport } from '../import-report.ts'
import type { ObjectStore } from '../object-store.ts'
import type { Reading } from '../readers/read-records.ts'
import { notesOf } from '../segments/import-record.ts'
import { putSegment } from '../segments/segment-names.ts'
import type { ArchiveLimits } from '../zip/archive-limits.ts'
import { unpacked } from '../zip/unpacked.ts'
import { decodeMovies, encodeMovies, type ToldMovie } from './movies-segment.ts'
import { readMovies } from './read-movies.ts'

/** Tries what a segment would make, before it is stored; an error says why it is not to be. */
export type Trial = (segment: Uint8Array) => Promise<void>

/**
 * Reads a file of movies and stores what it could take; nothing when the file fails midway, or what it
 * would make does not stand the trial.
 */
export async function importMovies(
  store: ObjectStore,
  body: AsyncIterable<Uint8Array>,
  {
    key = null,
    limits = {},
    tryOut,
  }: { key?: string | null; limits?: Partial<ArchiveLimits>; tryOut?: Trial | undefined } = {},
): Promise<ImportReport> {
  return storeMovies(store, await unpacked(body, 'movies', readMovies, limits), key, tryOut)
}

/** Stores movies that were read, as one segment. */
export async function storeMovies(
  store: ObjectStore,
  read: Reading & { readonly movies: readonly ToldMovie[] },
  key: string | null,
  tryOut?: Trial,
): Promise<ImportReport> {
  const { movies, ...reading } = read
  const parts = encodeMovies(movies, notesOf(reading, key))
  // As it will be read: what cannot be decoded is not stored.
  const segment = new Uint8Array(Buffer.concat(parts))
  decodeMovies(segment, 'movies/new')
  await tryOut?.(segment)
  return { ...reading, segment: await putSegment(store, 'movies', parts) }
}
