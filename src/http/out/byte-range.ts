import type { FastifyReply, FastifyRequest } from 'fastify'
import { MarqueeError } from '../../errors.ts'
import type { StoredBytes } from '../../storage/object-store.ts'
import { isAmong } from './entity-tag.ts'

/**
 * Answers with stored bytes: whole, the one range that is asked for (RFC 9110, 14), or nothing where
 * the client has them. Several ranges at once are answered with the whole. An `unsatisfiable-range`
 * error for one behind the end. Closes the bytes.
 */
export async function sendBytes(
  { method, headers }: FastifyRequest,
  reply: FastifyReply,
  bytes: StoredBytes,
  tag: string,
  type = 'application/octet-stream',
): Promise<unknown> {
  void reply.header('etag', tag).header('accept-ranges', 'bytes')
  // A client that goes away ends the stream, and that closes the bytes.
  const send = (from: number, to: number) => {
    void reply.header('content-length', to - from).type(type)
    return reply.send(bytes.stream(from, method === 'HEAD' ? from : to))
  }
  if (isAmong(tag, headers['if-none-match'])) {
    await bytes.close()
    return reply.code(304).send()
  }
  // A range of what the client has a part of: of other bytes, it gets all.
  const isOfThese = headers['if-range'] === undefined || headers['if-range'] === tag
  const range = isOfThese ? rangeOf(headers.range, bytes.size) : null
  if (range === null) return send(0, bytes.size)
  if (range === 'unsatisfiable') {
    await bytes.close()
    void reply.header('content-range', `bytes */${bytes.size}`)
    throw new MarqueeError('unsatisfiable-range', `There are ${bytes.size} bytes.`)
  }
  const [from, to] = range
  void reply.code(206).header('content-range', `bytes ${from}-${to - 1}/${bytes.size}`)
  return send(from, to)
}

/** From and to, exclusive; null where all is meant. */
function rangeOf(
  header: string | undefined,
  size: number,
): readonly [number, number] | 'unsatisfiable' | null {
  const [, first = '', last = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '') ?? []
  if (first === '' && last === '') return null
  if (first === '')
    return Number(last) === 0 ? 'unsatisfiable' : [Math.max(0, size - Number(last)), size]
  if (last !== '' && Number(last) < Number(first)) return null
  if (Number(first) >= size) return 'unsatisfiable'
  return [Number(first), last === '' ? size : Math.min(size, Number(last) + 1)]
}
