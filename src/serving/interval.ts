import { MarqueeError } from '../errors.ts'
import { type Interval, intervalAround, ratingCountsOf } from '../model/intervals.ts'
import type { Model } from '../model/model.ts'

/**
 * The bounds of a rating that the model predicts of a pair, by its indices, −1 being unknown; of a
 * user that is folded in, `ratings` says how many ratings came. A
 * `no-intervals` error when the model has none.
 */
export function intervalOf(
  { intervals, ratingScale }: Model,
  { user, movie, ratings }: { user: number; movie: number; ratings?: number | undefined },
  rating: number,
  level: number,
): Interval {
  if (intervals) {
    const known = ratingCountsOf(intervals, user, movie)
    const counts = { ...known, user: ratings ?? known.user }
    return intervalAround(rating, counts, level, intervals, ratingScale)
  }
  throw new MarqueeError(
    'no-intervals',
    'The model that serves has no intervals: its training held no ratings out (split.valid was 0), or an earlier release trained it.',
  )
}
