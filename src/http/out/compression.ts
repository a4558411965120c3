import compress from '@fastify/compress'
import type { onSendHookHandler } from 'fastify'
import type { App } from '../app-type.ts'

/** Three packets: to compress a list of ten takes longer than to make it, and saves no round trip. */
const leastBytes = 4_096
/** No streams of events, whose frames would wait for more, and no lines that are made as they are read. */
const types = /^text\/(?!event-stream)|[+/]json(?:;|$)/

/**
 * Compresses the answers of all routes that are added after it, but of those with `compress: false`,
 * for clients that accept it. Bodies of requests are no matter of it.
 */
export async function compressAnswers(app: App): Promise<void> {
  await app.register(compress, {
    threshold: leastBytes,
    customTypes: types,
    // Brotli takes longer, for about as many bytes.
    encodings: ['gzip'],
    globalDecompression: false,
  })
  app.addHook('onRoute', (route) => {
    if (route.compress !== false) route.onSend = [route.onSend ?? [], weakenTag].flat()
  })
}

/** A compressed answer is not the same bytes: its tag is a weak one (RFC 9110, 8.8.1). */
const weakenTag: onSendHookHandler = (_request, reply, payload, done) => {
  const tag = reply.getHeader('etag')
  const isStrong = typeof tag === 'string' && tag.startsWith('"')
  if (isStrong && reply.getHeader('content-encoding') !== undefined)
    void reply.header('etag', `W/${tag}`)
  done(null, payload)
}
