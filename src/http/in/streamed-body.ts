import type { Readable } from 'node:stream'
import type { FastifyRequest } from 'fastify'
import { MarqueeError } from '../../errors.ts'
import { type ArchiveLimits, archiveLimits } from '../../storage/zip/archive-limits.ts'
import { gunzipped } from '../../storage/zip/gunzip.ts'
import type { App } from '../app-type.ts'

/** Types that the document names for files of lines; any other but a form is taken too. */
export const importTypes = [
  'application/octet-stream',
  'application/x-ndjson',
  'application/gzip',
  'application/zip',
  'text/csv',
  'text/plain',
  'text/tab-separated-values',
]

/**
 * Hands bodies of any type to the handlers as streams: the content says what it is, not the header.
 * Their limit is told to whoever asks before the body is sent; a stream is measured by `bytesOf`.
 */
export function streamBodies(app: App, bodyLimit: number): void {
  app.addHook('onRoute', (route) => {
    route.bodyLimit = bodyLimit
  })
  app.addContentTypeParser('*', (_request, body, done) => done(null, body))
}

/**
 * The bytes of a request as they arrive, unpacked where it has that content encoding; a `too-large`
 * error once more than the limit have arrived. Stopping early leaves the connection open for the answer.
 */
export function bytesOf(
  request: FastifyRequest,
  maxBytes: number,
  limits: Partial<ArchiveLimits> = {},
): AsyncIterable<Uint8Array> {
  const bytes = receivedBytes(request, maxBytes)
  return isGzipped(request) ? gunzipped(bytes, { ...archiveLimits, ...limits }) : bytes
}

async function* receivedBytes(request: FastifyRequest, maxBytes: number): AsyncGenerator<Buffer> {
  refuseForm(request)
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes)
  const body = request.body as Readable | undefined
  if (!body) return
  let received = 0
  for await (const chunk of body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    received += chunk.length
    if (received > maxBytes) throw tooLarge(maxBytes)
    yield chunk
  }
}

/** Refuses forms, whose frame would be read as part of the file. */
function refuseForm({ headers }: FastifyRequest): void {
  if (headers['content-type']?.startsWith('multipart/'))
    throw new MarqueeError(
      'unsupported-media-type',
      'Send the file itself as the body (curl --data-binary @file), not as a form.',
    )
}

/** Whether the body comes in the one content encoding that is taken. */
function isGzipped({ headers }: FastifyRequest): boolean {
  const encoding = headers['content-encoding']?.toLowerCase() ?? 'identity'
  if (encoding !== 'identity' && encoding !== 'gzip' && encoding !== 'x-gzip')
    throw new MarqueeError(
      'unsupported-media-type',
      `Send the file without a content encoding, or with gzip; this one has ${encoding}.`,
    )
  return encoding !== 'identity'
}

function tooLarge(maxBytes: number): MarqueeError {
  return new MarqueeError(
    'too-large',
    `The body has more than ${maxBytes} bytes (MARQUEE_IMPORT_LIMIT_BYTES).`,
  )
}
