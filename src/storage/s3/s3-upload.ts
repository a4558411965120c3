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
  parts: readonly Uint8Array[],
  headers: Readonly<Record<string, string>>,
): Promise<S3Answer> {
  const expected = isConditional(headers) ? refused : []
  const size = parts.reduce((sum, { byteLength }) => sum + byteLength, 0)
  if (size <= partBytes) {
    const body = Buffer.concat(parts)
    return ask({ method: 'PUT', key, headers, body, expected })
  }
  const { conditions, others } = split(headers)
  const begun = await ask({ method: 'POST', key, query: { uploads: '' }, headers: others })
  const uploadId = textOf(begun.body.toString(), 'UploadId')[0]
  if (uploadId === undefined) throw new S3Fault(begun.status, '', 'The upload has no id.')
  try {
    const tags: string[] = []
    for (const body of pieces(parts)) {
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
function* pieces(parts: readonly Uint8Array[]): Generator<Buffer> {
  let taken: Uint8Array[] = []
  let length = 0
  for (const part of parts)
    for (let at = 0; at < part.byteLength; ) {
      const next = part.subarray(at, at + partBytes - length)
      taken.push(next)
      length += next.byteLength
      at += next.byteLength
      if (length < partBytes) continue
      yield Buffer.concat(taken)
      taken = []
      length = 0
    }
  if (length > 0) yield Buffer.concat(taken)
}
