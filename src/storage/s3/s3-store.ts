import { randomUUID } from 'node:crypto'
import { inTurns, isKey, type ObjectStore, type Parts, refuseKey } from '../object-store.ts'
import { openS3Bytes } from './s3-bytes.ts'
import { createS3Client, type S3Answer, type S3Client, textOf } from './s3-client.ts'
import type { S3Credentials } from './s3-credentials.ts'
import { asOurs, S3Fault } from './s3-fault.ts'
import type { S3Location } from './s3-location.ts'
import { upload } from './s3-upload.ts'

/** What needs the bytes of one moment is tried so often while others put new ones. */
const mostTurns = 10
/** Names whose write it was, so that an answer that was lost is not taken for another's. */
const writerHeader = 'x-amz-meta-writer'

/**
 * An object store in an S3 bucket, on a server that keeps the conditions of writes (`If-None-Match`
 * and `If-Match`): `probeConditions` tells.
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

  /** Puts under a condition; false where the server says that it does not hold. */
  const putIf = async (key: string, parts: Parts, condition: Readonly<Record<string, string>>) => {
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
    async open(key) {
      if (!isKey(key)) throw refuseKey(key)
      return openS3Bytes(ask, key)
    },
    async get(key) {
      if (!isKey(key)) throw refuseKey(key)
      for (let reads = 1; ; reads++)
        try {
          const stored = await openS3Bytes(ask, key)
          return stored && (await stored.read(0, stored.size))
        } catch (error) {
          const isOther = error instanceof S3Fault && [404, 412].includes(error.status)
          if (!isOther || reads === mostTurns) throw error
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
      for (let turns = 1; turns <= mostTurns; turns++) {
        const found = await head(key)
        if (!found) return false
        if (await putIf(key, parts, { 'if-match': found.headers.get('etag') ?? '' })) return true
      }
      throw new S3Fault(409, 'ConditionalRequestConflict', 'Others put new bytes all the time.')
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

/** The same store, whose failures are sentences of ours. */
function guarded(store: ObjectStore): ObjectStore {
  const reading = <T>(answer: Promise<T>) => asOurs(false, answer)
  const writing = <T>(answer: Promise<T>) => asOurs(true, answer)
  return {
    get: inTurns((key) => reading(store.get(key))),
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
