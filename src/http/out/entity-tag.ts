import type { FastifyReply, FastifyRequest } from 'fastify'
import type { LivePosition } from '../../live/live-event.ts'
import { positionText } from '../../serving/live/positions.ts'
import type { Snapshot } from '../../serving/snapshot.ts'
import type { ResponseCache } from './response-cache.ts'

/** The value of an ETag: the versions that an answer rests on, as of model and catalogue. */
export function entityTag(...versions: string[]): string {
  return `"${versions.join('.')}"`
}

const tags = new WeakMap<Snapshot, string>()

/**
 * The tag of answers that rest on a model, a catalogue, and what was told since of what they show.
 */
export function tagOf(snapshot: Snapshot, told: readonly (LivePosition | null)[] = []): string {
  const news = told.filter((position) => position !== null)
  if (news.length > 0) return versionsOf(snapshot, news)
  const known = tags.get(snapshot)
  if (known !== undefined) return known
  const tag = versionsOf(snapshot, [])
  tags.set(snapshot, tag)
  return tag
}

function versionsOf(snapshot: Snapshot, news: readonly LivePosition[]): string {
  const { version, card, catalogue, imports } = snapshot
  const model = card.revision === undefined ? version : `${version}-${card.revision}`
  const told = [...(imports === '' ? [] : [imports]), ...news.map(positionText)]
  return entityTag(model, catalogue.version, ...told)
}

/** What an answer shows: whose ratings, which movie's, the counts of all, and whether new movies. */
type Shown = { userId?: string; movieId?: string; isCounted?: boolean; isList?: boolean }

/**
 * The newest events that such an answer rests on: of another user they are others, and of other
 * movies. That a movie is not in the model makes its ratings count, too.
 */
export function toldOf({ live }: Snapshot, shown: Shown): (LivePosition | null)[] {
  const { userId, movieId, isCounted, isList } = shown
  return [
    userId === undefined ? null : live.toldOfUser(userId),
    isList ? live.newestOfNew : null,
    ...(movieId === undefined ? [] : [live.toldOfMovie(movieId), live.newestErasure]),
    isCounted ? live.newest : null,
  ]
}

/**
 * Gives the answer with its ETag, or 304, without making it, to a client that has it. A tag says
 * what an answer to this address rests on and not what it is: the same versions give the same
 * bytes. So one with a cache is made once, as long as the cache holds it; with `publicSeconds` any
 * cache on the way may keep it for so long without asking again.
 */
export function tagged<Answer extends object>(
  { headers, url }: FastifyRequest,
  reply: FastifyReply,
  tag: string,
  answer: () => Answer | Promise<Answer>,
  cache?: ResponseCache,
  publicSeconds = 0,
): Answer | Promise<Answer> {
  if (isAmong(tag, headers['if-none-match'])) {
    setTag(reply, tag, publicSeconds)
    return reply.code(304).send() as never
  }
  const key = cache && `${tag} ${url}`
  const known = key && cache.get(key)
  if (known) return asText(reply, tag, known, publicSeconds) as never
  // Not before there is a body: an error has no tag.
  const send = (body: Answer): Answer => {
    if (!key) {
      setTag(reply, tag, publicSeconds)
      return body
    }
    const text = writeAnswer(reply, body)
    cache.set(key, text)
    return asText(reply, tag, text, publicSeconds) as never
  }
  const body = answer()
  return body instanceof Promise ? body.then(send) : send(body)
}

/** Fastify sends a text as it is. */
function asText(reply: FastifyReply, tag: string, text: string, publicSeconds: number): string {
  setTag(reply, tag, publicSeconds)
  void reply.type('application/json; charset=utf-8')
  return text
}

function setTag(reply: FastifyReply, tag: string, publicSeconds: number): void {
  const control = publicSeconds > 0 ? `public, max-age=${publicSeconds}` : 'private, no-cache'
  void reply.header('etag', tag).header('cache-control', control)
}

/** The text that Fastify would make of a good answer, by the schema of its route. */
function writeAnswer(reply: FastifyReply, answer: object): string {
  const write = reply.getSerializationFunction('200', 'application/json') ?? JSON.stringify
  return write(answer as Record<string, unknown>)
}

/** The weak comparison of RFC 9110, 13.1.2; `*` is for uploads, and here like no header. */
export function isAmong(tag: string, known: string | undefined): boolean {
  if (known === undefined) return false
  return known.split(',').some((one) => one.trim().replace(/^W\//, '') === tag)
}
