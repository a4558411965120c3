import { createReadStream } from 'node:fs'
import { MarqueeError } from '../../errors.ts'
import { unpacked } from '../zip/unpacked.ts'
import type { FileRole } from './file-names.ts'

/** Read at once: in pieces of 64 KiB, as is usual, each read costs about as much as it reads. */
const readBytes = 2 ** 20

/** The result of a reader for the file at a path, or in it where it is gzip or a zip; its errors, and those of the file, name it. */
export async function readFileAt<T>(
  path: string,
  role: FileRole,
  read: (body: AsyncIterable<Uint8Array>) => Promise<T>,
): Promise<T> {
  try {
    const maxLines = Number.POSITIVE_INFINITY
    const body = createReadStream(path, { highWaterMark: readBytes })
    return await unpacked(body, role, read, { maxLines })
  } catch (error) {
    if (!(error instanceof MarqueeError)) throw unreadable(path, error)
    const { code, message, problems } = error
    throw new MarqueeError(code, `${path}: ${message}`, { cause: error, problems })
  }
}

/** The `invalid-request` error about a file or folder that is not there or cannot be read. */
export function unreadable(path: string, cause: unknown): MarqueeError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : cause
  const what = code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`
  return new MarqueeError('invalid-request', `The file or folder ${path} ${what}.`, { cause })
}
