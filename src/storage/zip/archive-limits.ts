import type { ZipLimits } from './zip-entries.ts'

/** The bounds within which a file of lines, an archive or any compressed file, is taken. */
export type ArchiveLimits = ZipLimits & {
  readonly maxArchiveBytes: number
  readonly maxLines: number
  /** Different users and movies of ratings, together. */
  readonly maxIds: number
}

/** Bounds that take every archive of MovieLens up to 32 million ratings with room to spare. */
export const archiveLimits: ArchiveLimits = {
  maxArchiveBytes: 1_073_741_824,
  maxEntries: 1_000,
  maxUncompressedBytes: 4_294_967_296,
  maxCompressionRatio: 100,
  maxLines: 50_000_000,
  maxIds: 11_000_000,
}
