import { csvFields, headerColumns } from '../readers/csv-line.ts'
import { jsonId, jsonObject } from '../readers/json-line.ts'
import type { LineFormat } from '../readers/read-records.ts'
import type { RatingColumns } from './rating-columns.ts'
import { createRatingTaker, type RatingTaker } from './take-rating.ts'

/** The formats of ratings, for messages. */
export const expectedRatings =
  'ratings.csv (a header with userId, movieId, rating and perhaps timestamp), u.data (tabs), ' +
  'ratings.dat ("::") or NDJSON (one object a line with userId, movieId, rating)'

/** A separated file: which column is what, −1 where there is no such column. */
type Layout = {
  readonly separator: string
  readonly user: number
  readonly movie: number
  readonly rating: number
  readonly timestamp: number
}

/** The format that the first line shows, adding what it takes to the columns; null when unknown. */
export function ratingFormat(firstLine: string, columns: RatingColumns): LineFormat | null {
  const take = createRatingTaker(columns)
  if (firstLine.trimStart().startsWith('{'))
    return { format: 'ndjson', isHeader: false, take: (line) => takeJson(line, take) }

  const [user = -1, movie = -1, rating = -1, timestamp = -1] = headerColumns(
    csvFields(firstLine) ?? [],
    ['userId', 'movieId', 'rating', 'timestamp'],
  )
  if (user >= 0 && movie >= 0 && rating >= 0) {
    const layout = { separator: ',', user, movie, rating, timestamp }
    return { format: 'ratings.csv', isHeader: true, take: createSeparated(layout, take) }
  }
  for (const [format, separator] of [
    ['u.data', '\t'],
    ['ratings.dat', '::'],
  ] as const) {
    if (firstLine.split(separator).length < 3) continue
    const layout = { separator, user: 0, movie: 1, rating: 2, timestamp: 3 }
    return { format, isHeader: false, take: createSeparated(layout, take) }
  }
  return null
}

/** Takes lines of one layout; finds the fields by position, without an array for each line. */
function createSeparated(layout: Layout, take: RatingTaker): (line: string) => string | null {
  const { separator, user, movie, rating, timestamp } = layout
  const needed = Math.max(user, movie, rating) + 1
  const columnCount = Math.max(needed, timestamp + 1)
  const from = new Int32Array(columnCount)
  const to = new Int32Array(columnCount)

  return (line) => {
    if (separator === ',' && line.includes('"')) return takeQuoted(line, layout, needed, take)
    let found = 0
    for (let start = 0; found < columnCount; ) {
      const end = line.indexOf(separator, start)
      from[found] = start
      to[found] = end < 0 ? line.length : end
      found += 1
      if (end < 0) break
      start = end + separator.length
    }
    if (found < needed) return tooFewFields(found, needed)
    return take(
      line.slice(from[user], to[user]),
      line.slice(from[movie], to[movie]),
      line.slice(from[rating], to[rating]),
      timestamp >= 0 && timestamp < found ? line.slice(from[timestamp], to[timestamp]) : '',
    )
  }
}

function takeQuoted(line: string, layout: Layout, needed: number, take: RatingTaker) {
  const fields = csvFields(line)
  if (fields === null) return 'the quotes do not close on this line'
  const { [layout.user]: user, [layout.movie]: movie, [layout.rating]: rating } = fields
  if (user === undefined || movie === undefined || rating === undefined)
    return tooFewFields(fields.length, needed)
  return take(user, movie, rating, fields[layout.timestamp] ?? '')
}

function takeJson(line: string, take: RatingTaker): string | null {
  const row = jsonObject(line)
  if (row === null) return 'the line is not a JSON object'
  const { userId, movieId, rating, timestamp } = row
  const [user, movie] = [jsonId(userId), jsonId(movieId)]
  if (user === null) return 'userId is not a string or a whole number'
  if (movie === null) return 'movieId is not a string or a whole number'
  if (typeof rating !== 'number') return 'rating is not a number'
  if (timestamp !== undefined && timestamp !== null && typeof timestamp !== 'number')
    return 'timestamp is not a number of seconds'
  return take(user, movie, String(rating), String(timestamp ?? ''))
}

function tooFewFields(found: number, needed: number): string {
  return `the line has ${found} ${found === 1 ? 'field' : 'fields'}, expected at least ${needed}`
}
