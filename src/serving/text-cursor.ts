import { MarqueeError } from '../errors.ts'

/** A cursor behind a place that texts name: it outlives what changes meanwhile. */
export function encodeTexts(texts: readonly string[]): string {
  return Buffer.from(JSON.stringify(texts)).toString('base64url')
}

/** So many texts of a cursor in a query string; an `invalid-request` error where it is none. */
export function decodeTexts(cursor: string, count: number): string[] {
  try {
    const texts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
    const isWhole = Array.isArray(texts) && texts.length === count
    if (isWhole && texts.every((text) => typeof text === 'string')) return texts
  } catch {
    // Told below, as for any other text.
  }
  throw badCursor()
}

/** The error where a cursor is none of ours. */
export function badCursor(): MarqueeError {
  const detail = 'expected the nextCursor of the page before'
  return new MarqueeError('invalid-request', `The cursor is not one of ours: ${detail}.`, {
    problems: [{ pointer: '/query/cursor', detail }],
  })
}
