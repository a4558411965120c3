import { MarqueeError } from '../../../errors.ts'
import { type GivenNames, rivalsOf } from '../../readers/column-names.ts'
import { csvFields, type Separator, separators } from '../../readers/csv-line.ts'
import { excerpt } from '../../readers/excerpt.ts'
import { parseTime } from '../parse-time.ts'
import { parseRating } from '../take-rating.ts'
import { type GivenColumns, nameOfRole, type RatingRole } from './given-columns.ts'
import type { Layout } from './separated-lines.ts'

type Positions = Readonly<Partial<Record<RatingRole, number>>>

/**
 * The layout of a file without a header whose columns stand at these positions, by the one separator
 * that makes a rating of the first line. An error where two do, or none: a file with a header is
 * never read by position.
 */
export function layoutAt(firstLine: string, columns: Positions): Layout {
  const { userId = -1, movieId = -1, rating = -1, timestamp = -1 } = columns
  const places = { user: userId, movie: movieId, rating, timestamp }
  const layouts = separators.flatMap((separator): Layout[] => {
    const fields = csvFields(firstLine, separator)
    const isRating = fields !== null && readsAsRating(fields, columns)
    return isRating ? [{ separator, ...places, count: fields.length, hasQuotes: true }] : []
  })
  const [layout, other] = layouts
  if (layout === undefined)
    throw unrecognised(
      `The first line is ${excerpt(firstLine)}, which has no rating (a number) at position ${rating + 1}, or no such positions at all, between commas, semicolons, tabs, "::", bars or spaces. If it is a header, give the columns by name.`,
    )
  if (other !== undefined)
    throw unrecognised(
      `The first line, ${excerpt(firstLine)}, is a rating when it is cut at ${shown(layout.separator)} and when at ${shown(other.separator)}: give the file a header.`,
    )
  return layout
}

function readsAsRating(fields: readonly string[], columns: Positions): boolean {
  const { userId = -1, movieId = -1, rating = -1, timestamp = -1 } = columns
  const text = (at: number) => fields[at]?.trim() ?? ''
  const hasIds = text(userId) !== '' && text(movieId) !== ''
  const hasRating = !Number.isNaN(parseRating(text(rating), 'decimal'))
  return hasIds && hasRating && !Number.isNaN(parseTime(text(timestamp)))
}

/** Refuses a file of which two columns, or keys, may be the user, the movie or the rating. */
export function refuseRivals(names: readonly string[], given: GivenNames): void {
  for (const role of ['userId', 'movieId', 'rating'] as const) {
    const rivals = rivalsOf(names, role, given)
    if (rivals.length === 0) continue
    const quoted = rivals.map((name) => excerpt(name.trim()))
    const name = nameOfRole(role)
    throw unrecognised(
      `The ${name} may be ${quoted.join(' or ')}: say which with columns=${name}:….`,
    )
  }
}

/** Seconds since 1973 are no rating or count that people have, and the other is no such time. */
const seconds = /^[1-9]\d{8,9}$/
const smallNumber = /^(?!0$)\d{1,3}(\.\d+)?$/

/** Refuses a file without a header whose time seems to stand before the rating. */
export function refuseSwapped(rating: string, time: string): void {
  if (!seconds.test(rating.trim()) || !smallNumber.test(time.trim())) return
  throw unrecognised(
    `The first line has ${excerpt(rating)} in column 3 and ${excerpt(time)} in column 4, of which either may be the rating: say columns=user:1,movie:2,rating:4,timestamp:3, or rating:3,timestamp:4.`,
  )
}

/** The error about a first line that has not all of the columns that are given by name. */
export function notThere(firstLine: string, given: GivenColumns | null): MarqueeError {
  const names = Object.entries(given?.columns ?? {}).map(
    ([role, name]) => `${nameOfRole(role as RatingRole)}:${name}`,
  )
  return unrecognised(
    `The first line is ${excerpt(firstLine)}, expected a header with columns of user, movie and rating, of which were given ${names.join(',')}.`,
  )
}

function shown(separator: Separator): string {
  return separator === '\t' ? 'tabs' : separator === ' ' ? 'spaces' : JSON.stringify(separator)
}

function unrecognised(message: string): MarqueeError {
  return new MarqueeError('unrecognised-format', message)
}
