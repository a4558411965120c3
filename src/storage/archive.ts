import type { FileHandle } from 'node:fs/promises'
import { MarqueeError } from '../errors.ts'
import type { RatingScale } from '../model/data/rating-scale.ts'
import type { ArchiveReport, ImportReport } from './import-report.ts'
import { storeMovies, type Trial } from './movies/import-movies.ts'
import { readMovies } from './movies/read-movies.ts'
import type { ObjectStore } from './object-store.ts'
import { declaredScaleOf } from './ratings/declared-scale.ts'
import { storeRatings } from './ratings/import-ratings.ts'
import { readColumns } from './ratings/read-ratings.ts'
import { fileNames } from './readers/file-names.ts'
import { type ScratchFile, withScratchFile } from './readers/scratch-file.ts'
import { withSpooledFile } from './readers/spool.ts'
import { type SegmentFolder, segmentKey } from './segments/segment-names.ts'
import { storeUsers } from './users/import-users.ts'
import { readUsers } from './users/read-users.ts'
import { type ArchiveLimits, archiveLimits } from './zip/archive-limits.ts'
import { entryOf, inEntry } from './zip/pick-entry.ts'
import { type ZipEntry, zipEntries } from './zip/zip-entries.ts'

const maxSkippedListed = 100

/**
 * Imports the ratings, movies and users of a MovieLens zip. All are read whole before one is
 * stored; a scale is declared for the ratings of the store. The errors are those of the three imports, `unsafe-archive`, `unrecognised-format` and
 * `too-large`.
 */
export async function importArchive(
  store: ObjectStore,
  body: AsyncIterable<Uint8Array>,
  {
    scale,
    key = null,
    tryOut,
    ...limits
  }: Partial<ArchiveLimits> & {
    readonly scale?: RatingScale | undefined
    readonly key?: string | null
    /** Of what it has of movies. */
    readonly tryOut?: Trial
  } = {},
): Promise<ArchiveReport> {
  const bounds = { ...archiveLimits, ...limits }
  const declared = scale ?? (await declaredScaleOf(store))
  return withScratchFile(async (rows) => {
    const read = await withSpooledFile(body, bounds.maxArchiveBytes, (file, sizeBytes) =>
      readArchive(file, sizeBytes, bounds, declared, rows),
    )
    return storeArchive(store, read, key, tryOut)
  })
}

/** Stores all that was read, or nothing. */
async function storeArchive(
  store: ObjectStore,
  { skipped, ...read }: Awaited<ReturnType<typeof readArchive>>,
  key: string | null,
  tryOut: Trial | undefined,
): Promise<ArchiveReport> {
  const stored: Partial<Record<SegmentFolder, ImportReport | null>> = {}
  try {
    stored.movies = read.movies && (await storeMovies(store, read.movies, key, tryOut))
    stored.users = read.users && (await storeUsers(store, read.users, key))
    const ratings = read.ratings && (await storeRatings(store, read.ratings, key))
    return { ratings, movies: stored.movies, users: stored.users, skipped }
  } catch (error) {
    await withdraw(store, stored)
    throw error
  }
}

async function readArchive(
  file: FileHandle,
  sizeBytes: number,
  limits: ArchiveLimits,
  declared: RatingScale | null,
  rows: ScratchFile,
) {
  await checkIsZip(file)
  const entries = await zipEntries(file, sizeBytes, limits)
  const ratings = entryOf(entries, 'ratings')
  const movies = entryOf(entries, 'movies')
  const users = entryOf(entries, 'users')
  const links = movies && entryOf(entries, 'links')
  const { maxLines, maxIds } = limits
  const bounds = { maxLines, maxIds, file: rows }
  const linked = links && (await readLinks(links, maxLines))
  if (ratings === null && movies === null && users === null)
    throw new MarqueeError(
      'unrecognised-format',
      `The archive holds none of ${Object.values(fileNames).flat().join(', ')}.`,
    )
  return {
    ratings: ratings && (await inEntry(ratings, readColumns(ratings.read(), declared, bounds))),
    movies: movies && withLinks(await inEntry(movies, readMovies(movies.read(), maxLines)), linked),
    users: users && (await inEntry(users, readUsers(users.read(), maxLines))),
    skipped: entries
      .filter((entry) => entry !== ratings && entry !== movies && entry !== users)
      .filter((entry) => entry !== links || linked === null)
      .slice(0, maxSkippedListed)
      .map(({ name }) => (name.length > 200 ? `${name.slice(0, 200)}…` : name)),
  }
}

type MoviesRead = Awaited<ReturnType<typeof readMovies>>

/** The links of an archive's movies; null where the file of that name holds none. */
async function readLinks(entry: ZipEntry, maxLines: number): Promise<MoviesRead | null> {
  const read = await readMovies(entry.read(), maxLines).catch((error: unknown) => {
    if (error instanceof MarqueeError && !isBound(error)) return null
    throw error
  })
  return read?.format === 'links.csv' ? read : null
}

/** Whether it is about the archive, and not about what the file holds. */
function isBound({ code }: MarqueeError): boolean {
  return code === 'unsafe-archive' || code === 'too-large'
}

/** The movies with their links; the report is that of the movies. */
function withLinks(read: MoviesRead, linked: MoviesRead | null): MoviesRead {
  return linked ? { ...read, movies: [...read.movies, ...linked.movies] } : read
}

async function checkIsZip(file: FileHandle): Promise<void> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0)
  const isZip = bytesRead === 4 && buffer.toString('latin1').startsWith('PK')
  if (isZip) return
  const found = bytesRead === 0 ? 'The body is empty' : 'The body is not a zip archive'
  throw new MarqueeError(
    'unrecognised-format',
    `${found}, expected one of MovieLens such as ml-latest-small.zip.`,
  )
}

/** Removes the segments of an archive whose rest could not be stored. */
async function withdraw(
  store: ObjectStore,
  stored: Partial<Record<SegmentFolder, ImportReport | null>>,
): Promise<void> {
  for (const folder of ['movies', 'users'] as const) {
    const report = stored[folder]
    if (report) await store.remove(segmentKey(folder, report.segment)).catch(() => {})
  }
}
