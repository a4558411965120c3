import type { RatingScale } from '../data/rating-scale.ts'

/**
 * The target of a ranking for a rating r: 1 from `likedFrom` on, and below it
 * `lowTarget` · (r − lowest) / (likedFrom − lowest), lowest being the end of the scale.
 */
export function targetOf(
  lowTarget: number,
  likedFrom: number,
  [lowest, highest]: RatingScale,
): (rating: number) => number {
  // A scale that ends below has its likes at its end.
  const liked = Math.min(likedFrom, highest)
  const shareOf = (rating: number) => Math.max(0, rating - lowest) / (liked - lowest)
  return (rating) => (rating >= liked ? 1 : lowTarget * shareOf(rating))
}
