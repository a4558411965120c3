import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Snapshot } from '../serving/snapshot.ts'

/** What an answer rests on, such as the versions of model and catalogue, as the value of an ETag. */
export function entityTag(...versions: string[]): string {
  return `"${versions.join('.')}"`
}

/** The tag of answers that rest on a model and a catalogue alone. */
export function tagOf({ version, catalogue }: Snapshot): string {
  return entityTag(version, catalogue.version)
}

/**
 * Gives the answer with its ETag, or 304, without making it, to a client that has it. A tag says what
 * an answer to this address rests on and not what it is: the same versions give the same bytes.
 */
export async function tagged<Answer>(
  { headers }: FastifyRequest,
  reply: FastifyReply,
  tag: string,
  answer: () => Answer | Promise<Answer>,
): Promise<Answer> {
  const isKnown = isAmong(tag, headers['if-none-match'])
  // Made before the headers are set: an error has no tag.
  const body = isKnown ? null : await answer()
  void reply.header('etag', tag).header('cache-control', 'private, no-cache')
  return body ?? (reply.code(304).send() as Answer)
}

/** The weak comparison of RFC 9110, 13.1.2; `*` is for uploads, and here like no header. */
function isAmong(tag: string, known: string | undefined): boolean {
  if (known === undefined) return false
  return known.split(',').some((one) => one.trim().replace(/^W\//, '') === tag)
}
