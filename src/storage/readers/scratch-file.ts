import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { spoolPrefix } from '../integrity/leftovers.ts'
import { owner } from '../owner.ts'
import { asStoreFault } from '../store-fault.ts'
import { spoolFolder } from './spool.ts'

/** A file for what is too much for memory. It is made when it is first needed. */
export type ScratchFile = {
  /**
   * Adds bytes at the end and gives their position; an `out-of-space` or `store-read-only` error
   * where they cannot be.
   */
  append(bytes: Uint8Array): number
  /** Fills a piece of memory from a position on. */
  read(to: Uint8Array, position: number): void
}

/**
 * Lets `use` have a file in the folder of uploads, which is gone with this process however that
 * ends: its name is removed once it is open. To read and write waits for the disk.
 */
export async function withScratchFile<T>(use: (file: ScratchFile) => Promise<T>): Promise<T> {
  let file: number | null = null
  let end = 0
  try {
    return await use({
      append(bytes) {
        file ??= onDisk(true, openNameless)
        const position = end
        onDisk(true, () => writeAll(file!, bytes, position))
        end += bytes.length
        return position
      },
      read(to, position) {
        onDisk(false, () => readAll(file!, to, position))
      },
    })
  } finally {
    if (file !== null) closeSync(file)
  }
}

function openNameless(): number {
  // Where this process dies before the name is gone, a later one sweeps the folder.
  const folder = mkdtempSync(join(tmpdir(), `${spoolPrefix}${owner}-`))
  try {
    return openSync(join(folder, 'rows'), 'wx+', 0o600)
  } finally {
    try {
      rmSync(folder, { recursive: true, force: true })
    } catch {
      // NFS keeps a name of a file that is open: it is swept later.
    }
  }
}

function writeAll(file: number, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length; )
    done += writeSync(file, bytes, done, bytes.length - done, position + done)
}

function readAll(file: number, to: Uint8Array, position: number): void {
  for (let done = 0; done < to.length; ) {
    const read = readSync(file, to, done, to.length - done, position + done)
    if (read === 0) throw new RangeError(`a scratch file ends before ${position + to.length}`)
    done += read
  }
}

function onDisk<T>(isWriting: boolean, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw asStoreFault(error, isWriting, spoolFolder)
  }
}
