import type { Ratings } from '../../model/data/ratings.ts'
import { type LineOf, maxRefusalsKept, type Reading } from '../readers/read-records.ts'
import { RatingColumns } from './rating-columns.ts'

const mark = -1
const reason =
  'rating -1 marks an unrated movie where all others are above 0: declare a scale from -1 if it is one'

/**
 * Refuses the ratings −1 of a file whose others are all above 0, some above 1: there −1 says that
 * a movie was seen and not rated. Among 0 or other negative ratings, or 1 alone, it is a rating.
 */
export function leaveOutMarks<Read extends Reading & { readonly ratings: Ratings }>(
  read: Read,
  lineOf: LineOf,
): Read {
  const { ratings } = read
  const marked: number[] = []
  let highest = mark
  for (const [row, rating] of ratings.rating.entries()) {
    if (rating === mark) marked.push(row)
    else if (rating <= 0) return read
    highest = Math.max(highest, rating)
  }
  if (marked.length === 0 || highest <= 1) return read
  const refusals = marked
    .slice(0, maxRefusalsKept)
    .map((row) => ({ line: lineOf(row), reason }))
    .concat(read.refusals)
    .sort((a, b) => a.line - b.line)
    .slice(0, maxRefusalsKept)
  return {
    ...read,
    accepted: read.accepted - marked.length,
    refused: read.refused + marked.length,
    ...{ refusals, ratings: kept(ratings) },
  }
}

function kept({ users, movies, ...rows }: Ratings): Ratings {
  const columns = new RatingColumns()
  for (const [row, rating] of rows.rating.entries())
    if (rating !== mark)
      columns.add(
        users.idOf(rows.userIndex[row]!),
        movies.idOf(rows.movieIndex[row]!),
        rating,
        rows.timestamp[row]!,
      )
  return columns.build()
}
