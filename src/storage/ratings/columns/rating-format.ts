import type { RatingScale } from '../../../model/data/rating-scale.ts'
import { fieldOf, type GivenNames } from '../../readers/column-names.ts'
import { headerOf, type Separator } from '../../readers/csv-line.ts'
import { jsonId, jsonObject } from '../../readers/json-line.ts'
import type { LineFormat } from '../../readers/read-records.ts'
import type { RatingColumns } from '../rating-columns.ts'
import { type Comma, createRatingTaker, parseRating, type RatingTaker } from '../take-rating.ts'
import type { GivenColumns } from './given-columns.ts'
import { layoutAt, notThere, refuseRivals, refuseSwapped } from './readings.ts'
import { createSeparated, type Layout } from './separated-lines.ts'

/** The formats of ratings, for messages. */
export const expectedRatings =
  'ratings.csv (a header with userId, movieId, rating and perhaps timestamp), u.data (tabs), ' +
  'ratings.dat ("::") or NDJSON (one object a line with userId, movieId, rating)'

/** What the report calls a file with a header, by what parts its fields. */
const headerFormats: Record<Separator, string> = {
  ...{ ',': 'ratings.csv', ';': 'ratings.csv', '|': 'ratings.csv' },
  ...{ '\t': 'ratings.tsv', '::': 'ratings.dat', ' ': 'ratings.csv' },
}
/** A comma parts the fields of most; where a semicolon does, it is the decimal comma's fault. */
const commas: Partial<Record<Separator, Comma>> = { ',': 'no number', ';': 'decimal' }

/**
 * The format that the first line shows, adding what it takes to the columns; null when unknown. An
 * `unrecognised-format` error where the line may be read in two ways, or not as is given.
 */
export function ratingFormat(
  firstLine: string,
  columns: RatingColumns,
  scale: RatingScale | null,
  given: GivenColumns | null = null,
): LineFormat | null {
  const separated = (layout: Layout, format: string, isHeader: boolean): LineFormat => {
    const comma = commas[layout.separator] ?? 'unclear'
    const take = createSeparated(layout, createRatingTaker(columns, scale, comma))
    return { format, isHeader, take }
  }
  const isJson = firstLine.trimStart().startsWith('{')
  if (given?.by === 'position') {
    const layout = isJson ? null : layoutAt(firstLine, given.columns)
    return layout && separated(layout, headerFormats[layout.separator], false)
  }
  const names = given?.columns ?? {}
  if (isJson) {
    refuseRivals(Object.keys(jsonObject(firstLine) ?? {}), names)
    const take = createRatingTaker(columns, scale)
    return { format: 'ndjson', isHeader: false, take: (line) => takeJson(line, take, names) }
  }
  const header = headerOf(firstLine, ['userId', 'movieId', 'rating'], ['timestamp'], names)
  if (header !== null) {
    const { separator } = header
    refuseRivals(header.names, names)
    const [user = -1, movie = -1, rating = -1, timestamp = -1] = header.columns
    if (names.timestamp !== undefined && timestamp < 0) throw notThere(firstLine, given)
    const places = { user, movie, rating, timestamp, count: header.names.length }
    return separated({ separator, ...places, hasQuotes: true }, headerFormats[separator], true)
  }
  if (given !== null) throw notThere(firstLine, given)
  for (const [format, separator] of [
    ['u.data', '\t'],
    ['ratings.dat', '::'],
  ] as const) {
    const fields = firstLine.split(separator)
    const [, , rating = '', time = ''] = fields
    // Else it is a header, of columns that are not known.
    if (Number.isNaN(parseRating(rating.trim(), 'unclear'))) continue
    refuseSwapped(rating, time)
    const places = { user: 0, movie: 1, rating: 2, timestamp: 3 }
    const layout = { separator, ...places, count: Math.max(4, fields.length), hasQuotes: false }
    return separated(layout, format, false)
  }
  return null
}

function takeJson(line: string, take: RatingTaker, names: GivenNames): string | null {
  const row = jsonObject(line)
  if (row === null) return 'the line is not a JSON object'
  const [userId, movieId, rating] = (['userId', 'movieId', 'rating'] as const).map((role) =>
    fieldOf(row, role, names),
  )
  const timestamp = fieldOf(row, 'timestamp', names) ?? ''
  const [user, movie] = [jsonId(userId), jsonId(movieId)]
  if (user === null) return whyNoId('userId', userId)
  if (movie === null) return whyNoId('movieId', movieId)
  if (rating === undefined) return 'rating is missing'
  if (!isNumberOrText(rating)) return 'rating is not a number'
  if (!isNumberOrText(timestamp)) return 'timestamp is not a number of seconds or a text'
  return take(user, movie, String(rating), String(timestamp))
}

function isNumberOrText(value: unknown): value is number | string {
  return typeof value === 'number' || typeof value === 'string'
}

function whyNoId(name: string, value: unknown): string {
  return value === undefined ? `${name} is missing` : `${name} is not a string or a whole number`
}
