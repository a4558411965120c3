import { pipeline, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { MarqueeError } from '../../errors.ts'
import { archiveLimits } from './archive-limits.ts'
import { ratioFreeBytes, type ZipLimits } from './zip-entries.ts'

/**
 * The bytes of a gzip file as they come; an `unsafe-archive` error when it is damaged or cut short,
 * or unpacks to more than the limits allow, as far as it was read.
 */
export async function* gunzipped(
  body: AsyncIterable<Uint8Array>,
  limits: Omit<ZipLimits, 'maxEntries'> = archiveLimits,
): AsyncGenerator<Uint8Array> {
  const { maxUncompressedBytes, maxCompressionRatio } = limits
  const gunzip = createGunzip()
  // Errors of either come out of the loop.
  pipeline(Readable.from(body, { objectMode: false }), gunzip, () => {})
  let produced = 0
  try {
    for await (const chunk of gunzip as AsyncIterable<Buffer>) {
      produced += chunk.length
      if (produced > maxUncompressedBytes)
        throw unsafe(`It unpacks to more than ${maxUncompressedBytes} bytes.`)
      if (produced > Math.max(ratioFreeBytes, gunzip.bytesWritten * maxCompressionRatio))
        throw unsafe(`It unpacks to more than ${maxCompressionRatio} times its size.`)
      yield chunk
    }
  } catch (error) {
    const isZlibs = error instanceof Error && 'code' in error && /^Z_/.test(String(error.code))
    throw isZlibs ? unsafe(`It is cut short or damaged: ${error.message}.`, error) : error
  }
}

function unsafe(what: string, cause?: unknown): MarqueeError {
  return new MarqueeError('unsafe-archive', `The gzip file cannot be taken. ${what}`, { cause })
}
