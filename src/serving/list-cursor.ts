import { createHash } from 'node:crypto'
import { MarqueeError } from '../errors.ts'

/** What a page belongs to: all that the order of a list depends on. */
export type ListIdentity = {
  /** The model's version. */
  readonly version: string
  /** Who and what was asked for, page length apart. */
  readonly question: unknown
}

/** A cursor behind the first `position` items of a list. */
export function encodeCursor(list: ListIdentity, position: number): string {
  const parts = [list.version, digestOf(list.question), position]
  return Buffer.from(JSON.stringify(parts)).toString('base64url')
}

/**
 * The position that a cursor names. It continues the very list it came from or is refused: an
 * `expired-cursor` error when another model serves, `invalid-request` for another question or no
 * cursor of ours, at the pointer.
 */
export function decodeCursor(list: ListIdentity, cursor: string, pointer: string): number {
  const [version, digest, position] = partsOf(cursor, pointer)
  if (version !== list.version)
    throw new MarqueeError(
      'expired-cursor',
      `The list was made by model ${version}, and ${list.version} serves now: start again without a cursor.`,
    )
  if (digest !== digestOf(list.question))
    throw invalid(
      'expected the question that the cursor came with; only n and explain may change',
      pointer,
    )
  return position
}

function partsOf(
  cursor: string,
  pointer: string,
): [version: string, digest: string, position: number] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
    if (Array.isArray(parts) && parts.length === 3) {
      const [version, digest, position] = parts as unknown[]
      const isPosition = Number.isSafeInteger(position) && (position as number) >= 0
      if (typeof version === 'string' && typeof digest === 'string' && isPosition)
        return [version, digest, position as number]
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

function digestOf(question: unknown): string {
  return createHash('sha256').update(JSON.stringify(question)).digest('base64url').slice(0, 22)
}
