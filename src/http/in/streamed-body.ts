import type { Readable } from 'node:stream'
import type { FastifyRequest } from 'fastify'
import { MarqueeError } from '../../errors.ts'
import type { App } from '../app-type.ts'

/** Types that the document names for files of lines; any other but a form is taken too. */
export const importTypes = [
  'application/octet-stream',
  'application/x-ndjson',
  'text/csv',
  'text/plain',
  'text/tab-separated-values',
]

/**
 * Hands bodies of any type to the handlers as streams: the content says what it is, not the header.
 */
export function streamBodies(app: App): void {
  app.addContentTypeParser('*', (_request, body, done) => done(null, body))
}

/**
 * The bytes of a request as they arrive; a `too-large` error once there are more than the limit.
 * Stopping early leaves the connection open for the answer.
 */
export async function* bytesOf(request: FastifyRequest, maxBytes: number): AsyncGenerator<Buffer> {
  refuseFraming(request)
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

/** Refuses forms and content encodings, which would be read as part of the file. */
function refuseFraming({ headers }: FastifyRequest): void {
  if (headers['content-type']?.startsWith('multipart/'))
    throw new MarqueeError(
      'unsupported-media-type',
      'Send the file itself as the body (curl --data-binary @file), not as a form.',
    )
  const encoding = headers['content-encoding'] ?? 'identity'
  if (encoding !== 'identity')
    throw new MarqueeError(
      'unsupported-media-type',
      `Send the file without a content encoding; this one has ${encoding}.`,
    )
}

function tooLarge(maxBytes: number): MarqueeError {
  return new MarqueeError(
    'too-large',
    `The body has more than ${maxBytes} bytes (MARQUEE_IMPORT_LIMIT_BYTES).`,
  )
}
