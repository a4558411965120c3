import { MarqueeError } from '../../errors.ts'
import { excerpt } from '../readers/excerpt.ts'
import { type FileRole, isFileOf } from '../readers/file-names.ts'
import type { ZipEntry } from './zip-entries.ts'

/** The entry for a role, by its base name; null when there is none. */
export function entryOf(entries: readonly ZipEntry[], role: FileRole): ZipEntry | null {
  const [found, second] = entries.filter(({ name }) => isFileOf(role, name))
  if (found !== undefined && second !== undefined)
    throw new MarqueeError(
      'unsafe-archive',
      `The archive has two files of ${role}, ${excerpt(found.name)} and ${excerpt(second.name)}: ` +
        'it is not clear which to take.',
    )
  return found ?? null
}

/** Names the file of the archive in errors about its lines. */
export function inEntry<T>(entry: ZipEntry, reading: Promise<T>): Promise<T> {
  return reading.catch((error: unknown) => {
    if (!(error instanceof MarqueeError) || error.code === 'unsafe-archive') throw error
    const { code, message, problems } = error
    throw new MarqueeError(code, `${excerpt(entry.name)} in the archive: ${message}`, {
      cause: error,
      problems,
    })
  })
}
