import { MarqueeError } from '../../errors.ts'
import { type FileRole, fileNames } from '../readers/file-names.ts'
import { withSpooledFile } from '../readers/spool.ts'
import { type ArchiveLimits, archiveLimits } from './archive-limits.ts'
import { gunzipped } from './gunzip.ts'
import { entryOf, inEntry } from './pick-entry.ts'
import { zipEntries } from './zip-entries.ts'

type Read<T> = (body: AsyncIterable<Uint8Array>, maxLines?: number) => Promise<T>

/**
 * Hands a file to its reader: as it is, or what is in it where its first bytes say that it is gzip
 * or a zip, which must have one file alone or one of that role's name. Errors are those of the
 * reader, `unsafe-archive`, `unrecognised-format` and `too-large`.
 */
export async function unpacked<T>(
  body: AsyncIterable<Uint8Array>,
  role: FileRole,
  reader: Read<T>,
  given: Partial<ArchiveLimits> = {},
): Promise<T> {
  const limits = { ...archiveLimits, ...given }
  const read: Read<T> = (lines) => reader(lines, limits.maxLines)
  const { head, whole } = await withHead(body)
  if (head[0] === 0x1f && head[1] === 0x8b) return read(gunzipped(whole, limits))
  const isZip = head[0] === 0x50 && head[1] === 0x4b && head[2] !== undefined && head[2] < 0x08
  return isZip ? readZip(whole, role, read, limits) : read(whole)
}

function readZip<T>(
  body: AsyncIterable<Uint8Array>,
  role: FileRole,
  read: Read<T>,
  limits: ArchiveLimits,
): Promise<T> {
  return withSpooledFile(body, limits.maxArchiveBytes, async (file, sizeBytes) => {
    const entries = await zipEntries(file, sizeBytes, limits)
    const [only, second] = entries
    const entry = entryOf(entries, role) ?? (second === undefined ? only : undefined)
    if (entry === undefined)
      throw new MarqueeError(
        'unrecognised-format',
        `The archive has ${entries.length} files, expected one alone or one named ${fileNames[role].join(', ')}.`,
      )
    return inEntry(entry, read(entry.read()))
  })
}

/** The first bytes, at least three where there are so many, and all of it. */
async function withHead(body: AsyncIterable<Uint8Array>) {
  const chunks = body[Symbol.asyncIterator]()
  let head: Uint8Array = new Uint8Array(0)
  while (head.length < 3) {
    const { done, value } = await chunks.next()
    if (done) break
    head = head.length === 0 ? value : Buffer.concat([head, value])
  }
  const whole = async function* () {
    try {
      if (head.length > 0) yield head
      for (;;) {
        const { done, value } = await chunks.next()
        if (done) return
        yield value
      }
    } finally {
      await chunks.return?.()
    }
  }
  return { head, whole: whole() }
}
