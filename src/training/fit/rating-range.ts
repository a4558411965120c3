import type { Ratings } from '../../model/data/ratings.ts'
import type { SteppedSpec } from '../../model/spec/training-spec.ts'

/** The lowest and the highest rating; the rows must not be empty. */
export function ratingScale({ rating }: Pick<Ratings, 'rating'>): [number, number] {
  let lowest = Number.POSITIVE_INFINITY
  let highest = Number.NEGATIVE_INFINITY
  for (const value of rating) {
    if (value < lowest) lowest = value
    if (value > highest) highest = value
  }
  return [lowest, highest]
}

/**
 * The bounds of the sigmoid, null for none. "auto" is half a star beyond the scale on both sides
 * (fast.ai), since a sigmoid reaches its bounds only at infinity.
 */
export function resolveRatingRange(
  wanted: SteppedSpec['ratingRange'],
  [lowest, highest]: readonly [number, number],
): [number, number] | null {
  if (wanted === 'none') return null
  if (wanted === 'auto') return [lowest - 0.5, highest + 0.5]
  return wanted as [number, number]
}
