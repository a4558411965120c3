import { starOf } from '../../model/data/rating-scale.ts'
import type { Profile } from '../profile.ts'
import type { Snapshot } from '../snapshot.ts'

/** How far under the user's mean a prediction may be, in stars of the scale. */
const mostStarsUnder = 0.5
/** How many ratings at the mean of all a user's mean is damped by. */
const damping = 15

/**
 * The least prediction of a movie that somebody may like: half a star under the user's own mean (of
 * their n ratings and 15 at the mean of all, so that one 5 does not empty a list); null where
 * nothing is known of the user, and all may be shown.
 */
export function leastLiked(
  { model, statistics }: Pick<Snapshot, 'model' | 'statistics'>,
  { own }: Pick<Profile, 'own'>,
): number | null {
  const { rating } = own
  if (rating.length === 0) return null
  let sum = damping * statistics.mean
  for (let i = 0; i < rating.length; i++) sum += rating[i]!
  return sum / (damping + rating.length) - mostStarsUnder * starOf(model.ratingScale)
}
