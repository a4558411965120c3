import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { AwsClient } from 'aws4fetch'
import type { S3Credentials } from './s3-credentials.ts'
import { S3Fault } from './s3-fault.ts'
import type { S3Location } from './s3-location.ts'

export type S3Request = {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE'
  /** Empty for the bucket itself. */
  readonly key: string
  readonly query?: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array
  /** It may have megabytes of answer. */
  readonly isLong?: boolean
  /** Answers other than success that are no faults. */
  readonly expected?: readonly number[]
}

export type S3Answer = {
  readonly status: number
  readonly headers: Headers
  readonly body: Buffer
  /** How often it was asked: a refused condition may be of our own earlier try. */
  readonly tries: number
}

const mostTries = 6
const firstPauseMs = 50
/** For one try, with all its bytes; of long ones no request has more than some megabytes. */
const timeoutMs = 3_000
const longTimeoutMs = 30_000
/** No further try begins so long after the first: a silent server must not hold up who asks. */
const patience = 2
const longBytes = 64 * 1024

/**
 * Asks a server, signed (AWS Signature Version 4) and with the hash of the body, and again after
 * no answer, a server's error or a conflict: up to six times in some three seconds, with full jitter
 * (Brooker 2015, "Exponential backoff and jitter"); of a silent one it expects three, two times,
 * thirty where there are megabytes to move. Anything else is an `S3Fault`.
 */
export type S3Client = (request: S3Request) => Promise<S3Answer>

export function createS3Client(location: S3Location, credentials: S3Credentials): S3Client {
  const { endpoint, region, bucket, prefix } = location
  const aws = new AwsClient({ ...credentials, service: 's3', region, retries: 0 })

  const askOnce = async (request: S3Request, tries: number, mostMs: number): Promise<S3Answer> => {
    const { method, key, query = {}, body = new Uint8Array(0), expected = [] } = request
    const path = key === '' ? '' : `/${prefix}${key}`
    const search = new URLSearchParams(query).toString()
    const headers = {
      ...request.headers,
      'x-amz-content-sha256': createHash('sha256').update(body).digest('hex'),
    }
    const url = `${endpoint}/${bucket}${path}${search && `?${search}`}`
    const sent = method === 'PUT' || method === 'POST' ? { body } : {}
    // Signed and sent apart: a signal that a Request was made with may be collected with it.
    const signed = await aws.sign(url, { method, headers, ...sent })
    const response = await fetch(signed, { signal: AbortSignal.timeout(mostMs) })
    const answer = Buffer.from(await response.arrayBuffer())
    const { status } = response
    // What completes an upload may fail after it has been answered with 200.
    const text = response.ok && method !== 'POST' ? '' : answer.subarray(0, 4_096).toString()
    const code = text.includes('<Error>') ? (textOf(text, 'Code')[0] ?? '') : ''
    const isFine = response.ok ? code === '' : expected.includes(status) && code !== 'NoSuchBucket'
    if (isFine) return { status, headers: response.headers, body: answer, tries }
    throw new S3Fault(status, code, textOf(text, 'Message')[0] ?? `status ${status}`)
  }

  return async (request) => {
    const isLong = request.isLong === true || (request.body?.byteLength ?? 0) > longBytes
    const mostMs = isLong ? longTimeoutMs : timeoutMs
    const begun = performance.now()
    for (let tries = 1; ; tries++)
      try {
        return await askOnce(request, tries, mostMs)
      } catch (error) {
        const fault =
          error instanceof S3Fault ? error : new S3Fault(0, '', 'There was no answer.', error)
        const isLate = performance.now() - begun > patience * mostMs - 1_000
        if (tries === mostTries || isLate || !isPassing(fault)) throw fault
        await sleep(Math.random() * firstPauseMs * 2 ** tries)
      }
  }
}

function isPassing({ status, code }: S3Fault): boolean {
  if (status === 0 || status === 408 || status === 409 || status === 429) return true
  if (['RequestTimeout', 'InternalError', 'SlowDown', 'ServiceUnavailable'].includes(code))
    return true
  return status >= 500 && status !== 501 && status !== 507
}

/** The texts of the elements of a name in an answer of S3, which has no attributes. */
export function textOf(xml: string, name: string): string[] {
  const found = xml.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g'))
  return Array.from(found, ([, text]) => unescaped(text!))
}

function unescaped(text: string): string {
  const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'" }
  return text
    .replace(/&(lt|gt|quot|apos);/g, (_, name: string) => entities[name]!)
    .replaceAll('&amp;', '&')
}
