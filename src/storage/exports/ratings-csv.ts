import { decimalOf } from '../../model/data/rating-scale.ts'
import type { Ratings } from '../../model/data/ratings.ts'

/** An id as a field of a line of CSV, quoted where it has to be (RFC 4180). */
export function csvId(id: string): string {
  return /[",\r\n]/.test(id) ? `"${id.replaceAll('"', '""')}"` : id
}

const linesInPart = 2_000

/** The ratings as MovieLens writes them, in parts; a time that is not known is empty. */
export function* ratingsCsv({ users, movies, ...columns }: Ratings): Generator<string> {
  const { userIndex, movieIndex, rating, timestamp } = columns
  const decimals = new Map<number, string>()
  const textOf = (value: number) => {
    const known = decimals.get(value)
    if (known !== undefined) return known
    const text = String(decimalOf(value))
    if (decimals.size < 1_000) decimals.set(value, text)
    return text
  }
  let part = 'userId,movieId,rating,timestamp\n'
  for (let row = 0; row < rating.length; row++) {
    const user = csvId(users.idOf(userIndex[row]!))
    const movie = csvId(movies.idOf(movieIndex[row]!))
    part += `${user},${movie},${textOf(rating[row]!)},${timestamp[row] || ''}\n`
    if ((row + 1) % linesInPart !== 0) continue
    yield part
    part = ''
  }
  yield part
}
