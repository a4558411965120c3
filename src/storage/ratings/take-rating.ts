import { idProblem } from '../readers/check-id.ts'
import { excerpt } from '../readers/excerpt.ts'
import type { RatingColumns } from './rating-columns.ts'

/** Adds one rating given as text, or says why it cannot; an empty timestamp is 0, not known. */
export type RatingTaker = (
  userId: string,
  movieId: string,
  rating: string,
  timestamp: string,
) => string | null

/** The ratings that are taken, whatever the scale of the file. */
export const maxRating = 100

const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i
const maxTimestamp = 4_294_967_295

/** A taker that checks each part and adds it to the columns. */
export function createRatingTaker(columns: RatingColumns): RatingTaker {
  return (userText, movieText, ratingText, timestampText) => {
    const userId = userText.trim()
    const movieId = movieText.trim()
    const problem = idProblem('userId', userId) ?? idProblem('movieId', movieId)
    if (problem !== null) return problem
    const rating = parseRating(ratingText.trim())
    if (!(rating >= 0 && rating <= maxRating))
      return `rating ${excerpt(ratingText)} is not a number from 0 to ${maxRating}`
    const timestamp = parseSeconds(timestampText.trim())
    if (timestamp < 0)
      return `timestamp ${excerpt(timestampText)} is not whole seconds from 0 to ${maxTimestamp}`
    columns.add(userId, movieId, rating, timestamp)
    return null
  }
}

/** The number, or NaN: `Number` alone would also take "", "0x10" and "Infinity". */
function parseRating(text: string): number {
  return decimal.test(text) ? Number(text) : Number.NaN
}

/** The whole seconds, 0 for no text, −1 when they are not. */
function parseSeconds(text: string): number {
  if (text.length > 10) return -1
  let seconds = 0
  for (let i = 0; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 0x30
    if (!(digit >= 0 && digit <= 9)) return -1
    seconds = seconds * 10 + digit
  }
  return seconds <= maxTimestamp ? seconds : -1
}
