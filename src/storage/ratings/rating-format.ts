import type { RatingScale } from '../../model/data/rating-scale.ts'
import { fieldOf } from '../readers/column-names.ts'
import { csvFields, headerOf, type Separator } from '../readers/csv-line.ts'
import { jsonId, jsonObject } from '../readers/json-line.ts'
import type { LineFormat } from '../readers/read-records.ts'
import type { RatingColumns } from './rating-columns.ts'
import { type Comma, createRatingTaker, type RatingTaker } from './take-rating.ts'

/** The formats of ratings, for messages. */
export const expectedRatings =
  'ratings.csv (a header with userId, movieId, rating and perhaps timestamp), u.data (tabs), ' +
  'ratings.dat ("::") or NDJSON (one object a line with userId, movieId, rating)'

/** A separated file: which column is what, −1 where there is no such column, and how many. */
type Layout = {
  readonly separator: Separator
  readonly user: number
  readonly movie: number
  readonly rating: number
  readonly timestamp: number
  readonly count: number
  readonly hasQuotes: boolean
}

/** What the report calls a file with a header, by what parts its fields. */
const headerFormats: Record<Separator, string> = {
  ...{ ',': 'ratings.csv', ';': 'ratings.csv', '|': 'ratings.csv' },
  ...{ '\t': 'ratings.tsv', '::': 'ratings.dat' },
}
/** A comma parts the fields of most; where a semicolon does, it is the decimal comma's fault. */
const commas: Partial<Record<Separator, Comma>> = { ',': 'no number', ';': 'decimal' }

/** The format that the first line shows, adding what it takes to the columns; null when unknown. */
export function ratingFormat(
  firstLine: string,
  columns: RatingColumns,
  scale: RatingScale | null,
): LineFormat | null {
  if (firstLine.trimStart().startsWith('{')) {
    const take = createRatingTaker(columns, scale)
    return { format: 'ndjson', isHeader: false, take: (line) => takeJson(line, take) }
  }
  const takerOf = (layout: Layout) => {
    const comma = commas[layout.separator] ?? 'unclear'
    return createSeparated(layout, createRatingTaker(columns, scale, comma))
  }
  const header = headerOf(firstLine, ['userId', 'movieId', 'rating'], ['timestamp'])
  if (header !== null) {
    const { separator, names } = header
    const [user = -1, movie = -1, rating = -1, timestamp = -1] = header.columns
    const places = { user, movie, rating, timestamp, count: names.length }
    const layout = { separator, ...places, hasQuotes: true }
    return { format: headerFormats[separator], isHeader: true, take: takerOf(layout) }
  }
  for (const [format, separator] of [
    ['u.data', '\t'],
    ['ratings.dat', '::'],
  ] as const) {
    const fields = firstLine.split(separator)
    if (fields.length < 3 || fields.every(isName)) continue
    const places = { user: 0, movie: 1, rating: 2, timestamp: 3 }
    const layout = { separator, ...places, count: Math.max(4, fields.length), hasQuotes: false }
    return { format, isHeader: false, take: takerOf(layout) }
  }
  return null
}

/** A first line of nothing but names is a header, of columns that are not known. */
function isName(field: string): boolean {
  return /^\s*"?\p{L}/u.test(field)
}

/** Takes lines of one layout; finds the fields by position, without an array for each line. */
function createSeparated(layout: Layout, take: RatingTaker): (line: string) => string | null {
  const { separator, user, movie, rating, timestamp, count, hasQuotes } = layout
  // Only a time may be missing, and only at the end.
  const fewest = timestamp === count - 1 ? count - 1 : count
  const width = separator.length
  const from = new Int32Array(count)
  const to = new Int32Array(count)

  return (line) => {
    if (hasQuotes && line.includes('"')) return takeQuoted(line, layout, fewest, take)
    let found = 0
    let hasMore = true
    for (let start = 0; hasMore && found < count; ) {
      const end = line.indexOf(separator, start)
      from[found] = start
      to[found] = end < 0 ? line.length : end
      found += 1
      hasMore = end >= 0
      start = end + width
    }
    if (found < fewest || hasMore) return countProblem(line.split(separator).length, fewest, layout)
    return take(
      line.slice(from[user], to[user]),
      line.slice(from[movie], to[movie]),
      line.slice(from[rating], to[rating]),
      timestamp >= 0 && timestamp < found ? line.slice(from[timestamp], to[timestamp]) : '',
    )
  }
}

function takeQuoted(line: string, layout: Layout, fewest: number, take: RatingTaker) {
  const fields = csvFields(line, layout.separator)
  if (fields === null) return 'the quotes do not close on this line'
  if (fields.length < fewest || fields.length > layout.count)
    return countProblem(fields.length, fewest, layout)
  const { [layout.user]: user, [layout.movie]: movie, [layout.rating]: rating } = fields
  return take(user!, movie!, rating!, fields[layout.timestamp] ?? '')
}

function countProblem(found: number, fewest: number, { count, separator }: Layout): string {
  const fields = `the line has ${found} ${found === 1 ? 'field' : 'fields'}, expected`
  if (found < fewest) return `${fields}${fewest < count ? ' at least' : ''} ${fewest}`
  const cause = separator === ',' ? ': a decimal comma, or a comma in no quotes?' : ''
  return `${fields} ${count}${cause}`
}

function takeJson(line: string, take: RatingTaker): string | null {
  const row = jsonObject(line)
  if (row === null) return 'the line is not a JSON object'
  const [userId, movieId, rating] = (['userId', 'movieId', 'rating'] as const).map((role) =>
    fieldOf(row, role),
  )
  const timestamp = fieldOf(row, 'timestamp') ?? ''
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
