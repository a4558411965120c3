import { decimalOf, type RatingScale, ratingScaleOf } from '../../model/data/rating-scale.ts'
import type { FarOffRating, ScaleReport } from '../import-report.ts'
import type { LineOf } from '../readers/read-records.ts'

const mostListed = 100

/** What the ratings of a file say of their scale; those far off it are taken, and flagged. */
export function scaleReport(
  ratings: Float32Array,
  lineOf: LineOf,
  declared: RatingScale | null,
): ScaleReport {
  const [lowest, highest] = ratingScaleOf(ratings)
  const [from, to] = [Math.fround(lowest), Math.fround(highest)]
  const listed: FarOffRating[] = []
  let farOff = 0
  for (let row = 0; row < ratings.length; row++) {
    const rating = ratings[row]!
    if (rating >= from && rating <= to) continue
    farOff += 1
    if (listed.length < mostListed) listed.push({ line: lineOf(row), rating: decimalOf(rating) })
  }
  return { lowest, highest, declared, farOff, farOffRatings: listed }
}
