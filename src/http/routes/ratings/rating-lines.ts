import { MarqueeError } from '../../../errors.ts'
import type { NewLiveEvent } from '../../../live/live-event.ts'
import type { RatingScale } from '../../../model/data/rating-scale.ts'
import { jsonId, jsonObject } from '../../../storage/readers/json-line.ts'
import { ratingProblem, type ToldRating } from './rating-check.ts'

export const mostLines = 10_000
const members = ['userId', 'movieId', 'rating', 'timestamp']

/** Lines next to each other, from 1, that were not taken for one reason, which quotes no id. */
export type RefusedLines = readonly [reason: string, from: number, to: number]
export type LinesRead = {
  readonly lines: number
  readonly events: readonly NewLiveEvent[]
  readonly refused: readonly RefusedLines[]
}

/**
 * The ratings of a body, an array or lines of JSON; a line that cannot be taken spoils no other. An
 * `invalid-request` error where it is no array, `too-large` where it has too many lines.
 */
export function readLines(
  text: string,
  { isArray, scale, now }: { isArray: boolean; scale: RatingScale | null; now: number },
): LinesRead {
  const lines = isArray ? itemsOf(text) : text.trimEnd().split('\n').map(jsonObject)
  if (lines.length > mostLines)
    throw new MarqueeError(
      'too-large',
      `The body has ${lines.length} ratings; at most ${mostLines} are taken at once.`,
    )
  const events: NewLiveEvent[] = []
  const refused: [reason: string, from: number, to: number][] = []
  for (const [i, line] of lines.entries()) {
    const read = readLine(line)
    const reason = typeof read === 'string' ? read : reasonAgainst(read, scale)
    if (typeof read === 'string' || reason !== null) refuse(refused, i + 1, reason ?? '')
    else events.push({ type: 'rated', ...read, timestamp: read.timestamp ?? now })
  }
  return { lines: lines.length, events, refused }
}

function refuse(refused: [string, number, number][], line: number, reason: string): void {
  const last = refused.at(-1)
  if (last?.[0] === reason && last[2] === line - 1) last[2] = line
  else refused.push([reason, line, line])
}

function itemsOf(text: string): unknown[] {
  const items = parsed(text)
  if (Array.isArray(items)) return items
  throw new MarqueeError(
    'invalid-request',
    'The body is no JSON array; expected one, or lines of JSON as application/x-ndjson.',
  )
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** The rating of a line, or why it is none. */
function readLine(line: unknown): ToldRating | string {
  if (typeof line !== 'object' || line === null || Array.isArray(line))
    return 'expected an object with userId, movieId and rating'
  const { userId, movieId, rating, timestamp } = line as Readonly<Record<string, unknown>>
  if (Object.keys(line).some((name) => !members.includes(name)))
    return `expected no fields but ${members.join(', ')}`
  const ids = [jsonId(userId), jsonId(movieId)] as const
  if (ids[0] === null) return 'userId: expected a string'
  if (ids[1] === null) return 'movieId: expected a string'
  if (typeof rating !== 'number') return 'rating: expected a number'
  if (timestamp !== undefined && !(Number.isSafeInteger(timestamp) && (timestamp as number) >= 1))
    return 'timestamp: expected whole seconds since 1970'
  return { userId: ids[0], movieId: ids[1], rating, timestamp: timestamp as number | undefined }
}

function reasonAgainst(rating: ToldRating, scale: RatingScale | null): string | null {
  const problem = ratingProblem(rating, scale)
  return problem && `${problem.name}: ${problem.detail}`
}
