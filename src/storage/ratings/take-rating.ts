import type { RatingScale } from '../../model/data/rating-scale.ts'
import { idProblem } from '../readers/check-id.ts'
import { excerpt } from '../readers/excerpt.ts'
import { latestTime, parseTime } from './parse-time.ts'
import type { RatingColumns } from './rating-columns.ts'

/** Adds one rating given as text, or says why it cannot; an empty timestamp is 0, not known. */
export type RatingTaker = (
  userId: string,
  movieId: string,
  rating: string,
  timestamp: string,
) => string | null

/** What a comma in a number is; `unclear` where it may also stand before thousands. */
export type Comma = 'no number' | 'decimal' | 'unclear'

const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i
const thousands = /^[+-]?[1-9]\d{0,2},\d{3}$/

/** A taker that checks each part and adds it to the columns; of a declared scale, within it. */
export function createRatingTaker(
  columns: RatingColumns,
  scale: RatingScale | null,
  comma: Comma = 'no number',
): RatingTaker {
  const [lowest, highest] = scale ?? [-Infinity, Infinity]
  const latest = latestTime()
  return (userText, movieText, ratingText, timestampText) => {
    const userId = userText.trim()
    const movieId = movieText.trim()
    const problem = idProblem('userId', userId) ?? idProblem('movieId', movieId)
    if (problem !== null) return problem
    const rating = parseRating(ratingText.trim(), comma)
    if (!Number.isFinite(Math.fround(rating))) return ratingProblem(ratingText, comma)
    if (!(rating >= lowest && rating <= highest))
      return `rating ${excerpt(ratingText)} is outside the declared scale, ${lowest} to ${highest}`
    const timestamp = parseTime(timestampText.trim())
    if (!(timestamp <= latest)) return timeProblem(timestampText, timestamp)
    columns.add(userId, movieId, rating, timestamp)
    return null
  }
}

/** The number, or NaN: `Number` alone would also take "", "0x10" and "Infinity". */
function parseRating(text: string, comma: Comma): number {
  if (decimal.test(text)) return Number(text)
  if (comma === 'no number' || (comma === 'unclear' && thousands.test(text))) return Number.NaN
  const pointed = text.replace(',', '.')
  return decimal.test(pointed) ? Number(pointed) : Number.NaN
}

function ratingProblem(text: string, comma: Comma): string {
  if (comma === 'unclear' && thousands.test(text.trim()))
    return `rating ${excerpt(text)} may be a decimal or thousands: write it with a point or without`
  return `rating ${excerpt(text)} is not a finite number`
}

function timeProblem(text: string, seconds: number): string {
  if (seconds > 0) return `timestamp ${excerpt(text)} lies in the future`
  return `timestamp ${excerpt(text)} is no time since 1970: expected seconds or ISO 8601`
}
