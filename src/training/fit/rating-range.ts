import type { RatingScale } from '../../model/data/rating-scale.ts'
import type { SteppedSpec } from '../../model/spec/training-spec.ts'
import type { RatingUnit } from './rating-unit.ts'

/** Half a star of 1 to 5. */
const beyond = 1 / 8

/**
 * The bounds of the sigmoid in units, null for none. "auto" is an eighth of the scale beyond it on
 * both sides, half a star of 1 to 5 (fast.ai), since a sigmoid reaches its bounds only at infinity;
 * with the settings of the notebooks half a star of any scale.
 */
export function resolveRatingRange(
  { ratingRange: wanted, preset }: Pick<SteppedSpec, 'ratingRange' | 'preset'>,
  [lowest, highest]: RatingScale,
  { origin, size }: RatingUnit,
): [number, number] | null {
  if (wanted === 'none') return null
  const reach = preset === 'fastai' ? 0.5 / size : beyond * (highest - lowest) || beyond
  if (wanted === 'auto') return [lowest - reach, highest + reach]
  const [from = 0, to = 0] = wanted
  return [(from - origin) / size, (to - origin) / size]
}
