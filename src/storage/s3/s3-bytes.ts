import { Readable } from 'node:stream'
import type { StoredBytes } from '../object-store.ts'
import type { S3Client } from './s3-client.ts'
import { asOurs, S3Fault } from './s3-fault.ts'

/** So much is asked for at once, so that a broken connection costs no more. */
const rangeBytes = 16 * 1024 * 1024
/** What is no longer than this comes with the first question. */
const firstBytes = 1024 * 1024
/** Whoever reads a little is likely to read on. */
const aheadBytes = 4 * 1024 * 1024

/**
 * The bytes under a key as they are now, null where there are none: what is read goes on after a
 * broken connection, and is an `S3Fault` where another has put new bytes meanwhile.
 */
export async function openS3Bytes(ask: S3Client, key: string): Promise<StoredBytes | null> {
  const headers = { range: `bytes=0-${firstBytes - 1}` }
  // A server has no range of what is empty (416).
  const answer = await ask({ method: 'GET', key, headers, expected: [404, 416] })
  if (answer.status === 404) return null
  const first = answer.status === 416 ? Buffer.alloc(0) : answer.body
  const [, total] = /\/(\d+)$/.exec(answer.headers.get('content-range') ?? '') ?? []
  const size = answer.status === 206 ? Number(total) : first.length
  const tag = answer.headers.get('etag') ?? ''
  let ahead = { from: 0, bytes: first }

  const range = async (from: number, to: number): Promise<Buffer> => {
    const wanted = { range: `bytes=${from}-${to - 1}`, 'if-match': tag }
    const request = { method: 'GET', key, headers: wanted, isLong: true } as const
    const { body, status } = await ask({ ...request, expected: [404, 412] })
    if (status >= 400) throw new S3Fault(status, '', 'Other bytes were put while it was read.')
    // A server without ranges gives all.
    return status === 206 ? body : body.subarray(from, to)
  }
  async function* parts(from: number, to: number): AsyncGenerator<Buffer> {
    if (from < to && from < first.length) yield first.subarray(from, to)
    for (let at = Math.max(from, first.length); at < to; at += rangeBytes)
      yield await range(at, Math.min(to, at + rangeBytes))
  }
  /** What is not longer than what is read ahead. */
  const little = async (from: number, to: number): Promise<Uint8Array> => {
    const isThere = from >= ahead.from && to <= ahead.from + ahead.bytes.length
    if (!isThere) ahead = { from, bytes: await range(from, Math.min(size, from + aheadBytes)) }
    return Uint8Array.from(ahead.bytes.subarray(from - ahead.from, to - ahead.from))
  }

  return {
    size,
    async read(from, end) {
      const to = Math.max(from, Math.min(end, size))
      if (to - from <= aheadBytes) return little(from, to)
      const all = new Uint8Array(to - from)
      let at = 0
      for await (const part of parts(from, to)) {
        all.set(part, at)
        at += part.length
      }
      return all
    },
    stream(from, end) {
      return Readable.from(streamed(parts(from, Math.min(end, size))), { objectMode: false })
    },
    async close() {
      ahead = { from: 0, bytes: Buffer.alloc(0) }
    },
  }
}

async function* streamed(parts: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  for (;;) {
    const { value, done } = await asOurs(false, parts.next())
    if (done) return
    yield value
  }
}
