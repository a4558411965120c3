import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MarqueeError } from '../../errors.ts'
import { spoolPrefix } from '../integrity/leftovers.ts'
import { owner } from '../owner.ts'
import { onDisk } from '../store-fault.ts'

/** What errors call it. */
export const spoolFolder = 'The folder of uploads (TMPDIR)'

/**
 * Writes a body to a temporary file, lets `use` read it and removes it, whatever happens; a
 * `too-large` error when the body has more than `maxBytes`.
 */
export async function withSpooledFile<T>(
  body: AsyncIterable<Uint8Array>,
  maxBytes: number,
  use: (file: FileHandle, sizeBytes: number) => Promise<T>,
): Promise<T> {
  const make = () => mkdtemp(join(tmpdir(), `${spoolPrefix}${owner}-`))
  const folder = await onDisk(true, make, spoolFolder)
  try {
    const file = await open(join(folder, 'body'), 'wx+', 0o600)
    try {
      let sizeBytes = 0
      for await (const chunk of body) {
        sizeBytes += chunk.length
        if (sizeBytes > maxBytes)
          throw new MarqueeError('too-large', `The body has more than ${maxBytes} bytes.`)
        await onDisk(true, () => writeAll(file, chunk), spoolFolder)
      }
      return await use(file, sizeBytes)
    } finally {
      await file.close()
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function writeAll(file: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let rest = chunk; rest.length > 0; ) {
    const { bytesWritten } = await file.write(rest)
    rest = rest.subarray(bytesWritten)
  }
}
