import type { FileHandle } from 'node:fs/promises'
import { crc32 } from 'node:zlib'
import { type Entry, fromRandomAccessReaderPromise, validateFileName, type ZipFile } from 'yauzl'
import { MarqueeError } from '../../errors.ts'
import { excerpt } from '../readers/excerpt.ts'
import { ZipReader } from './zip-reader.ts'

/** The bounds beyond which an archive is refused; sizes are counted, not read from it. */
export type ZipLimits = {
  readonly maxEntries: number
  readonly maxUncompressedBytes: number
  readonly maxCompressionRatio: number
}

/** One file of an archive. Its name is a label: it is never used as a path. */
export type ZipEntry = {
  readonly name: string
  /** The bytes, checked as they come; may be read once. */
  read(): AsyncIterable<Uint8Array>
}

/** Small files of few different lines compress very well. */
export const ratioFreeBytes = 1_048_576

/** The files of a zip, folders left out; an `unsafe-archive` error for anything that is odd. */
export async function zipEntries(
  file: FileHandle,
  sizeBytes: number,
  limits: ZipLimits,
): Promise<ZipEntry[]> {
  const budget = { bytesLeft: limits.maxUncompressedBytes }
  try {
    const zip = await fromRandomAccessReaderPromise(new ZipReader(file), sizeBytes, {
      autoClose: false,
      decodeStrings: false,
    })
    if (zip.entryCount > limits.maxEntries) throw tooManyEntries(zip.entryCount, limits)
    const entries: ZipEntry[] = []
    for await (const entry of zip.eachEntry()) {
      const name = checkedName(entry)
      if (entry.isEncrypted()) throw unsafe(`Its entry ${excerpt(name)} is encrypted.`)
      const read = () => entryBytes(zip, entry, name, limits, budget)
      if (!name.endsWith('/')) entries.push({ name, read })
    }
    return entries
  } catch (error) {
    throw asUnsafe(error)
  }
}

async function* entryBytes(
  zip: ZipFile,
  entry: Entry,
  name: string,
  limits: ZipLimits,
  budget: { bytesLeft: number },
): AsyncGenerator<Uint8Array> {
  const maxBytes = Math.max(ratioFreeBytes, entry.compressedSize * limits.maxCompressionRatio)
  let produced = 0
  let checksum = 0
  try {
    for await (const chunk of await zip.openReadStreamPromise(entry)) {
      produced += chunk.length
      budget.bytesLeft -= chunk.length
      if (budget.bytesLeft < 0)
        throw unsafe(`It unpacks to more than ${limits.maxUncompressedBytes} bytes.`)
      if (produced > maxBytes)
        throw unsafe(
          `Its entry ${excerpt(name)} unpacks to more than ${limits.maxCompressionRatio} times its size.`,
        )
      checksum = crc32(chunk, checksum)
      yield chunk
    }
    if (checksum !== entry.crc32)
      throw unsafe(`Its entry ${excerpt(name)} is damaged: the checksum does not match.`)
  } catch (error) {
    throw asUnsafe(error)
  }
}

function checkedName(entry: Entry): string {
  const isUtf8 = (entry.generalPurposeBitFlag & 0x800) !== 0
  const name = entry.fileNameRaw.toString(isUtf8 ? 'utf8' : 'latin1')
  if (name === '' || name.includes('\0') || validateFileName(name) !== null)
    throw unsafe(`It has an entry named ${excerpt(name)}, expected a relative path without "..".`)
  return name
}

function tooManyEntries(count: number, limits: ZipLimits): MarqueeError {
  return unsafe(`It has ${count} entries, at most ${limits.maxEntries} are taken.`)
}

/** Errors of yauzl and zlib as `unsafe-archive`; failures of the disk (with a `syscall`) stay. */
function asUnsafe(error: unknown): unknown {
  if (error instanceof MarqueeError || !(error instanceof Error) || 'syscall' in error) return error
  return unsafe(`It is cut short or damaged: ${error.message.replace(/\.$/, '')}.`, error)
}

function unsafe(what: string, cause?: unknown): MarqueeError {
  return new MarqueeError('unsafe-archive', `The archive cannot be taken. ${what}`, { cause })
}
