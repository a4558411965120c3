import { MarqueeError } from '../../errors.ts'
import type { Ratings } from '../../model/data/ratings.ts'
import type { TrainingSpec } from '../../model/spec/training-spec.ts'
import { randomSplit, type Split } from './random-split.ts'
import { pairUse, splitAgain } from './split-again.ts'
import { globalTimeSplit, userTimeSplit } from './time-split.ts'

/**
 * Divides ratings as the spec asks; at random so that what `uses` says was held out stays so. A
 * `no-ratings` error when a share is wanted and a side is left empty, or when rows without a time
 * should be divided by it.
 */
export function splitRatings(
  ratings: Ratings,
  { split, seed }: Pick<TrainingSpec, 'split' | 'seed'>,
  uses?: Int8Array,
): Split {
  const { method, valid } = split
  const rows = ratings.rating.length
  if (method !== 'random' && !ratings.timestamp.some((second) => second > 0))
    throw new MarqueeError('no-ratings', `The split "${method}" needs ratings with timestamps.`)
  const parts = {
    random: () =>
      uses && valid > 0
        ? splitAgain(uses, pairUse.setApart, valid, seed, 'split')
        : randomSplit(rows, valid, seed, 'split'),
    'user-time': () => userTimeSplit(ratings, valid),
    'global-time': () => globalTimeSplit(ratings, valid),
  }[method]()
  if (valid > 0 && parts.heldOut.length === 0)
    throw new MarqueeError(
      'no-ratings',
      method === 'user-time'
        ? `The split "user-time" holds the last ratings of each user out: at a share of ${valid} a user needs ${Math.ceil(1 / valid)}, and none has as many.`
        : `The split "${method}" holds none of ${rows} ratings out at a share of ${valid}: there are too few.`,
    )
  return parts
}
