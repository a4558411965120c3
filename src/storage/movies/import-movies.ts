import type { ImportReport } from '../import-report.ts'
import type { ObjectStore } from '../object-store.ts'
import type { Reading } from '../readers/read-records.ts'
import { notesOf } from '../segments/import-record.ts'
import { unpacked } from '../zip/unpacked.ts'
import { putMovies, type ToldMovie } from './movies-segment.ts'
import { readMovies } from './read-movies.ts'

/** Reads a file of movies and stores what it could take; nothing when the file fails midway. */
export async function importMovies(
  store: ObjectStore,
  body: AsyncIterable<Uint8Array>,
  key: string | null = null,
): Promise<ImportReport> {
  return storeMovies(store, await unpacked(body, 'movies', readMovies), key)
}

/** Stores movies that were read, as one segment. */
export async function storeMovies(
  store: ObjectStore,
  read: Reading & { readonly movies: readonly ToldMovie[] },
  key: string | null,
): Promise<ImportReport> {
  const { movies, ...reading } = read
  return { ...reading, segment: await putMovies(store, movies, notesOf(reading, key)) }
}
