import { crc32 } from 'node:zlib'
import { MarqueeError } from '../../errors.ts'

/** The identity of a list: all that its order depends on. */
export type ListIdentity = {
  /** The versions it was made from: of the model and, where it was asked, the catalogue. */
  readonly source: string
  /** Who and what was asked for, page length apart. */
  readonly question: unknown
}

/** A cursor behind the first `position` items of a list. */
export function encodeCursor(list: ListIdentity, position: number): string {
  const parts = [list.source, digestOf(list.question), position]
  return Buffer.from(JSON.stringify(parts)).toString('base64url')
}

/**
 * The position that a cursor names. It continues the very list it came from or is refused: an
 * `expired-cursor` error when another model or catalogue serves, `invalid-request` for another
 * question or no cursor of ours, at the pointer.
 */
export function decodeCursor(list: ListIdentity, cursor: string, pointer: string): number {
  const [source, digest, position] = partsOf(cursor, pointer)
  if (digest !== digestOf(list.question))
    throw invalid(
      'expected the question that the cursor came with; only n and explain may change',
      pointer,
    )
  if (source !== list.source)
    throw new MarqueeError(
      'expired-cursor',
      `The list was made from ${source}, and ${list.source} serves now: start again without a cursor.`,
    )
  return position
}

function partsOf(
  cursor: string,
  pointer: string,
): [source: string, digest: number, position: number] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
    if (Array.isArray(parts) && parts.length === 3) {
      const [source, digest, position] = parts as unknown[]
      const isPosition = Number.isSafeInteger(position) && (position as number) >= 0
      if (typeof source === 'string' && typeof digest === 'number' && isPosition)
        return [source, digest, position as number]
    }
  } catch {
    // Told below, as for any other text.
  }
  throw invalid('expected the nextCursor of the page before', pointer)
}

function invalid(detail: string, pointer: string): MarqueeError {
  return new MarqueeError('invalid-request', `The cursor does not continue this list: ${detail}.`, {
    problems: [{ pointer, detail }],
  })
}

/**
 * Tells a cursor of another question by mistake from one of this: no secret, so a checksum will do.
 */
function digestOf(question: unknown): number {
  return crc32(JSON.stringify(question))
}
