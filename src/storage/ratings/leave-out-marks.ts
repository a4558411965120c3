import type { Ratings } from '../../model/data/ratings.ts'
import { type LineOf, maxRefusalsKept, type Reading } from '../readers/read-records.ts'
import { RatingColumns } from './rating-columns.ts'

type Read = { readonly reading: Reading; readonly ratings: Ratings; readonly lineOf: LineOf }

const mark = -1
const reason =
  'rating -1 marks a movie as not rated where all others are above 0: declare a scale that has it'

/**
 * Refuses the ratings −1 of a file whose others are all above 0, some above 1: there −1 says that
 * a movie was seen and not rated. Among 0 or other negative ratings, or 1 alone, it is a rating.
 */
export function leaveOutMarks(read: Read): Read {
  const { reading, ratings, lineOf } = read
  const { rating } = ratings
  let marks = 0
  let highest = mark
  for (let row = 0; row < rating.length; row++) {
    const value = rating[row]!
    if (value === mark) marks += 1
    else if (value <= 0) return read
    if (value > highest) highest = value
  }
  if (marks === 0 || highest <= 1) return read
  const rows = Uint32Array.from(rating.keys())
  const refusals = Array.from(
    rows.filter((row) => rating[row] === mark).subarray(0, maxRefusalsKept),
  )
    .map((row) => ({ line: lineOf(row), reason }))
    .concat(reading.refusals)
    .sort((a, b) => a.line - b.line)
    .slice(0, maxRefusalsKept)
  const kept = rows.filter((row) => rating[row] !== mark)
  return {
    reading: {
      ...reading,
      ...{ accepted: kept.length, refused: reading.refused + marks, refusals },
    },
    ratings: only(ratings, kept),
    lineOf: (row) => lineOf(kept[row]!),
  }
}

/** The rows with vocabularies of their own: an id whose every rating goes is no id any more. */
function only({ users, movies, ...columns }: Ratings, rows: Uint32Array): Ratings {
  const kept = new RatingColumns()
  for (const row of rows)
    kept.add(
      users.idOf(columns.userIndex[row]!),
      movies.idOf(columns.movieIndex[row]!),
      columns.rating[row]!,
      columns.timestamp[row]!,
    )
  return kept.build()
}
