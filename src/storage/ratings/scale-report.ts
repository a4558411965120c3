import { decimalOf, type RatingScale, scaleOfPieces } from '../../model/data/rating-scale.ts'
import type { FarOffRating, ScaleReport } from '../import-report.ts'
import type { LineOf } from '../readers/read-records.ts'

const mostListed = 100

/** What the ratings of a file, in pieces, say of their scale; those far off it are taken, and flagged. */
export function scaleReport(
  ratings: Iterable<Float32Array>,
  lineOf: LineOf,
  declared: RatingScale | null,
): ScaleReport {
  const [lowest, highest] = scaleOfPieces(ratings)
  const [from, to] = [Math.fround(lowest), Math.fround(highest)]
  const listed: FarOffRating[] = []
  let [row, farOff] = [-1, 0]
  for (const piece of ratings)
    for (let i = 0; i < piece.length; i++) {
      const rating = piece[i]!
      row += 1
      if (rating >= from && rating <= to) continue
      farOff += 1
      if (listed.length < mostListed) listed.push({ line: lineOf(row), rating: decimalOf(rating) })
    }
  return { lowest, highest, declared, farOff, farOffRatings: listed }
}
