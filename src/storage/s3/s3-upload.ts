import type { Parts } from '../object-store.ts'
import { type S3Answer, type S3Client, textOf } from './s3-client.ts'
import { S3Fault } from './s3-fault.ts'

/** What is longer goes in parts of this size (docs.aws.amazon.com: at least 5 MiB, at most 10,000). */
const partBytes = 16 * 1024 * 1024

/** Says that a condition does not hold: 404 where what was to be replaced is gone. */
const refused = [404, 412]

/**
 * Puts bytes under a key, all or nothing: the answer of the request that made them visible, or that
 * says that a condition among the headers does not hold.
 */
export async function upload(
  ask: S3Client,
  key: string,
  parts: Parts,
  headers: Readonly<Record<string, string>>,
): Promise<S3Answer> {
  const expected = isConditional(headers) ? refused : []
  const bodies = pieces(parts)
  const first = (await bodies.next()).value ?? Buffer.alloc(0)
  const second = await bodies.next()
  if (second.done) return ask({ method: 'PUT', key, headers, body: first, expected })
  const { conditions, others } = split(headers)
  const begun = await ask({ method: 'POST', key, query: { uploads: '' }, headers: others })
  const uploadId = textOf(begun.body.toString(), 'UploadId')[0]
  if (uploadId === undefined) throw new S3Fault(begun.status, '', 'The upload has no id.')
  try {
    const tags: string[] = []
    for await (const body of following([first, second.value], bodies)) {
      const query = { partNumber: String(tags.length + 1), uploadId }
      const { headers: answered } = await ask({ method: 'PUT', key, query, body })
      tags.push(answered.get('etag') ?? '')
    }
    const list = tags.map(
      (tag, i) => `<Part><PartNumber>${i + 1}</PartNumber><ETag>${tag}</ETag></Part>`,
    )
    const body = Buffer.from(
      `<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${list.join('')}</CompleteMultipartUpload>`,
    )
    const whole = { method: 'POST', key, query: { uploadId }, headers: conditions, body } as const
    const answer = await ask({ ...whole, expected: refused })
    if (answer.status >= 400) await abort(ask, key, uploadId)
    const [code] = textOf(answer.body.toString(), 'Code')
    // Unless an earlier try has completed it.
    if (code === 'NoSuchUpload' && answer.tries === 1)
      throw new S3Fault(404, code, 'The upload is gone.')
    return answer
  } catch (error) {
    await abort(ask, key, uploadId)
    throw error
  }
}

/** What the parts of an unfinished upload take is paid for until then. */
async function abort(ask: S3Client, key: string, uploadId: string): Promise<void> {
  const expected = [404]
  await ask({ method: 'DELETE', key, query: { uploadId }, expected }).catch(() => {})
}

function isConditional(headers: object): boolean {
  return 'if-match' in headers || 'if-none-match' in headers
}

/** Conditions belong to the request that completes an upload, all else to the one that begins it. */
function split(headers: Readonly<Record<string, string>>) {
  const entries = Object.entries(headers)
  const pick = (isWanted: boolean) =>
    Object.fromEntries(entries.filter(([name]) => name.startsWith('if-') === isWanted))
  return { conditions: pick(true), others: pick(false) }
}

/** The same bytes in pieces of `partBytes`, the last one shorter. */
async function* pieces(parts: Parts): AsyncGenerator<Buffer<ArrayBuffer>, undefined> {
  let piece: Buffer<ArrayBuffer> = Buffer.allocUnsafe(0)
  let length = 0
  for await (const part of parts)
    for (let at = 0; at < part.byteLength; ) {
      const next = part.subarray(at, at + partBytes - length)
      // Most of what is put is far shorter than a piece.
      if (length + next.byteLength > piece.length) piece = larger(piece, length + next.byteLength)
      piece.set(next, length)
      length += next.byteLength
      at += next.byteLength
      if (length < partBytes) continue
      yield piece
      piece = Buffer.allocUnsafe(0)
      length = 0
    }
  if (length > 0) yield piece.subarray(0, length)
}

/** The piece with room for so many bytes. */
function larger(piece: Buffer, bytes: number): Buffer<ArrayBuffer> {
  const room = Buffer.allocUnsafe(Math.min(partBytes, Math.max(bytes, 2 * piece.length)))
  room.set(piece)
  return room
}

async function* following(first: readonly Buffer[], others: AsyncIterable<Buffer>) {
  yield* first
  yield* others
}
