import { csvFields, type Separator } from '../../readers/csv-line.ts'
import type { RatingTaker } from '../take-rating.ts'

/** A separated file: which column is what, −1 where there is no such column, and how many. */
export type Layout = {
  readonly separator: Separator
  readonly user: number
  readonly movie: number
  readonly rating: number
  readonly timestamp: number
  readonly count: number
  readonly hasQuotes: boolean
}

/** Takes lines of one layout; finds the fields by position, without an array for each line. */
export function createSeparated(
  layout: Layout,
  take: RatingTaker,
): (line: string) => string | null {
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
