import { type LineOf, maxRefusalsKept, type Reading } from '../readers/read-records.ts'
import { RisingNumbers } from '../readers/rising-numbers.ts'
import type { ScratchFile } from '../readers/scratch-file.ts'
import type { RatingColumns } from './rating-columns.ts'

type Read = {
  readonly reading: Reading
  readonly columns: RatingColumns
  readonly lineOf: LineOf
}

const mark = -1
const reason =
  'rating -1 marks a movie as not rated where all others are above 0: declare a scale that has it'

/**
 * Refuses the ratings −1 of a file whose others are all above 0, some above 1: there −1 says that
 * a movie was seen and not rated. Among 0 or other negative ratings, or 1 alone, it is a rating.
 */
export function leaveOutMarks(read: Read, file: ScratchFile | null): Read {
  const { reading, columns, lineOf } = read
  let marks = 0
  let highest = mark
  for (const rating of columns.rows.pieces('rating'))
    for (const value of rating) {
      if (value === mark) marks += 1
      else if (value <= 0) return read
      if (value > highest) highest = value
    }
  if (marks === 0 || highest <= 1) return read
  const kept = new RisingNumbers()
  const refusals = [...reading.refusals]
  let row = 0
  let listed = 0
  for (const rating of columns.rows.pieces('rating'))
    for (const value of rating) {
      if (value !== mark) kept.add(row)
      else if (listed++ < maxRefusalsKept) refusals.push({ line: lineOf(row), reason })
      row += 1
    }
  const counts = { accepted: row - marks, refused: reading.refused + marks }
  const first = refusals.sort((a, b) => a.line - b.line).slice(0, maxRefusalsKept)
  return {
    reading: { ...reading, ...counts, refusals: first },
    columns: columns.only((value) => value !== mark, file),
    lineOf: (index) => lineOf(kept.at(index)),
  }
}
