import { MarqueeError } from '../errors.ts'
import { countsOf, type Interval, intervalAround } from '../model/intervals.ts'
import type { Model } from '../model/model.ts'

/**
 * The bounds of a rating that the model predicts of a pair, by its indices, −1 being unknown; a
 * `no-intervals` error when the model has none.
 */
export function intervalOf(
  { intervals, ratingScale }: Model,
  { user, movie }: { readonly user: number; readonly movie: number },
  rating: number,
  level: number,
): Interval {
  if (intervals) {
    const counts = countsOf(intervals, user, movie)
    return intervalAround(rating, counts, level, intervals, ratingScale)
  }
  throw new MarqueeError(
    'no-intervals',
    'The model that serves has no intervals: its training held no ratings out (split.valid was 0), or an earlier release trained it.',
  )
}
