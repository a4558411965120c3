import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { isKey, type ObjectStore, refuseKey, type StoredBytes } from '../object-store.ts'
import { createS3Client, type S3Answer, type S3Client, textOf } from './s3-client.ts'
import type { S3Credentials } from './s3-credentials.ts'
import { asMarqueeError, S3Fault } from './s3-fault.ts'
import type { S3Location } from './s3-location.ts'
import { upload } from './s3-upload.ts'

/** So much is asked for at once, so that a broken connection costs no more. */
const rangeBytes = 16 * 1024 * 1024
/** What is no longer than this comes with the first question. */
const firstBytes = 1024 * 1024
/** Whoever wants all bytes tries so often to read them while others put new ones. */
const mostReads = 5
/** Names whose write it was, so that an answer that was lost is not taken for another's. */
const writerHeader = 'x-amz-meta-writer'

/**
 * An object store in an S3 bucket, on a server that keeps the conditions of writes (`If-None-Match`
 * and `If-Match`): `probeS3` tells. What is read goes on after a broken connection, and is refused
 * where another has put new bytes meanwhile.
 */
export function createS3Store(location: S3Location, credentials: S3Credentials): ObjectStore {
  const ask = createS3Client(location, credentials)
  return guarded(s3Store(ask, location.prefix))
}

function s3Store(ask: S3Client, prefix: string): ObjectStore {
  const head = async (key: string): Promise<S3Answer | null> => {
    if (!isKey(key)) throw refuseKey(key)
    const answer = await ask({ method: 'HEAD', key, expected: [404] })
    return answer.status === 404 ? null : answer
  }

  /** The bytes from `from` up to `to` of those that have the tag. */
  const range = async (key: string, tag: string, from: number, to: number): Promise<Buffer> => {
    const headers = { range: `bytes=${from}-${to - 1}`, 'if-match': tag }
    const { body, status } = await ask({ method: 'GET', key, headers, expected: [404, 412] })
    if (status >= 400) throw new S3Fault(status, '', 'Other bytes were put while it was read.')
    // A server without ranges gives all.
    return status === 206 ? body : body.subarray(from, to)
  }

  const openStored = async (key: string): Promise<StoredBytes | null> => {
    if (!isKey(key)) throw refuseKey(key)
    const headers = { range: `bytes=0-${firstBytes - 1}` }
    // A server has no range of what is empty (416).
    const answer = await ask({ method: 'GET', key, headers, expected: [404, 416] })
    if (answer.status === 404) return null
    const first = answer.status === 416 ? Buffer.alloc(0) : answer.body
    const [, total] = /\/(\d+)$/.exec(answer.headers.get('content-range') ?? '') ?? []
    const size = answer.status === 206 ? Number(total) : first.length
    const tag = answer.headers.get('etag') ?? ''
    async function* parts(from: number, end: number) {
      const to = Math.min(end, size)
      if (from < first.length) yield first.subarray(from, to)
      for (let at = Math.max(from, first.length); at < to; at += rangeBytes)
        yield await range(key, tag, at, Math.min(to, at + rangeBytes))
    }
    return {
      size,
      read: async (from, to) => new Uint8Array(Buffer.concat(await fromAll(parts(from, to)))),
      stream: (from, to) => Readable.from(guardedParts(parts(from, to)), { objectMode: false }),
      async close() {},
    }
  }

  /** Puts under a condition; false where the server says that it does not hold. */
  const putIf = async (
    key: string,
    parts: readonly Uint8Array[],
    condition: Readonly<Record<string, string>>,
  ) => {
    if (!isKey(key)) throw refuseKey(key)
    const writer = randomUUID()
    const headers = { ...condition, [writerHeader]: writer }
    const { status, tries } = await upload(ask, key, parts, headers)
    if (status < 400) return true
    if (tries === 1) return false
    const found = await head(key)
    return found?.headers.get(writerHeader) === writer
  }

  return {
    open: openStored,
    async get(key) {
      for (let reads = 1; ; reads++)
        try {
          const stored = await openStored(key)
          return stored && (await stored.read(0, stored.size))
        } catch (error) {
          const isOther = error instanceof S3Fault && [404, 412].includes(error.status)
          if (!isOther || reads === mostReads) throw error
        }
    },
    async stat(key) {
      const found = await head(key)
      if (!found) return null
      const changed = Date.parse(found.headers.get('last-modified') ?? '')
      return { changedMs: changed, stamp: `${found.headers.get('etag')}-${changed}` }
    },
    async put(key, parts) {
      const isPut = await putIf(key, parts, {})
      if (!isPut) throw new S3Fault(404, 'NoSuchUpload', 'The upload is gone.')
    },
    putIfAbsent: (key, parts) => putIf(key, parts, { 'if-none-match': '*' }),
    async putIfPresent(key, parts) {
      for (;;) {
        const found = await head(key)
        if (!found) return false
        if (await putIf(key, parts, { 'if-match': found.headers.get('etag') ?? '' })) return true
      }
    },
    async list(of) {
      const keys: string[] = []
      for (let token: string | undefined = ''; token !== undefined; ) {
        const page = { 'list-type': '2', prefix: prefix + of }
        const query = token === '' ? page : { ...page, 'continuation-token': token }
        const { body } = await ask({ method: 'GET', key: '', query })
        const text = body.toString()
        for (const key of textOf(text, 'Key')) keys.push(key.slice(prefix.length))
        token = textOf(text, 'NextContinuationToken')[0]
      }
      return keys.filter(isKey).sort()
    },
    async room() {
      return Number.POSITIVE_INFINITY
    },
    async remove(key) {
      if (!isKey(key)) throw refuseKey(key)
      await ask({ method: 'DELETE', key, expected: [404] })
    },
  }
}

async function fromAll<T>(parts: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const part of parts) all.push(part)
  return all
}

async function* guardedParts(parts: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield* parts
  } catch (error) {
    throw asOurs(error, false)
  }
}

/** The same store, whose failures are sentences of ours. */
function guarded(store: ObjectStore): ObjectStore {
  const reading = <T>(answer: Promise<T>) => answer.catch((error) => rethrow(error, false))
  const writing = <T>(answer: Promise<T>) => answer.catch((error) => rethrow(error, true))
  return {
    get: (key) => reading(store.get(key)),
    async open(key) {
      const stored = await reading(store.open(key))
      return stored && { ...stored, read: (from, to) => reading(stored.read(from, to)) }
    },
    stat: (key) => reading(store.stat(key)),
    list: (prefix) => reading(store.list(prefix)),
    room: () => store.room(),
    put: (key, parts) => writing(store.put(key, parts)),
    putIfAbsent: (key, parts) => writing(store.putIfAbsent(key, parts)),
    putIfPresent: (key, parts) => writing(store.putIfPresent(key, parts)),
    remove: (key) => writing(store.remove(key)),
  }
}

function rethrow(error: unknown, isWriting: boolean): never {
  throw asOurs(error, isWriting)
}

function asOurs(error: unknown, isWriting: boolean): unknown {
  return error instanceof S3Fault ? asMarqueeError(error, isWriting) : error
}
