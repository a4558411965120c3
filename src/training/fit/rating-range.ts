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
 * The bounds of the sigmoid, null for none. "auto" is beyond the scale on both sides, since a
 * sigmoid reaches its bounds only at infinity: by an eighth of it, which on 1–5 is the half star of
 * fast.ai; a scale of one rating is taken to be 1 wide.
 */
export function resolveRatingRange(
  { ratingRange: wanted, preset }: Pick<SteppedSpec, 'ratingRange' | 'preset'>,
  [lowest, highest]: readonly [number, number],
): [number, number] | null {
  if (wanted === 'none') return null
  if (wanted !== 'auto') return wanted as [number, number]
  const margin = preset === 'fastai' ? 0.5 : (highest - lowest || 1) / 8
  return [lowest - margin, highest + margin]
}
