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

/** The number, or NaN, of a text without spaces around it: `Number` alone would also take "", "0x10" and "Infinity". */
export function parseRating(text: string, comma: Comma): number {
  const short = shortRating(text)
  if (short >= 0) return short
  if (decimal.test(text)) return Number(text)
  if (comma === 'no number' || (comma === 'unclear' && thousands.test(text))) return Number.NaN
  const pointed = text.replace(',', '.')
  return decimal.test(pointed) ? Number(pointed) : Number.NaN
}

/** The number of a few digits, perhaps with a point, as most are; −1 when it is none. */
function shortRating(text: string): number {
  if (text.length > 4) return -1
  let digits = 0
  let number = 0
  let unit = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === 0x2e && unit === 0) unit = 1
    else if (code >= 0x30 && code <= 0x39) {
      digits += 1
      number = number * 10 + code - 0x30
      unit *= 10
    } else return -1
  }
  return digits === 0 ? -1 : number / (unit || 1)
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
