import { z } from 'zod'
import { idSchema } from '../../model/data/ids.ts'
import type { GivenRating } from '../../serving/given-ratings.ts'
import { foldedProfile, type Profile, profileOf } from '../../serving/profile.ts'
import type { Snapshot } from '../../serving/snapshot.ts'
import { isId } from './query.ts'
import { quick } from './validation.ts'

export const maxOwnRatings = 5_000

/** Ratings that come with a question. */
export const ownRatingsSchema = z
  .array(z.strictObject({ movieId: idSchema, rating: z.number() }))
  .min(1)
  .max(maxOwnRatings)
  .meta({
    id: 'OwnRatings',
    description:
      'What somebody rated, within the declared scale; where none is, within that of the ratings, which need not have used all of it. They are folded in for this answer and not kept; of two ratings of one movie the later counts, and those of movies that the model does not know do not.',
  })

/** True of nothing but what the schema takes as it stands. */
function areOwnRatings(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.length >= 1 &&
    value.length <= maxOwnRatings &&
    value.every(isOwnRating)
  )
}

function isOwnRating(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  let members = 0
  for (const _ in value) members += 1
  const { movieId, rating } = value as Record<string, unknown>
  return members === 2 && isId(movieId) && Number.isFinite(rating)
}

/** For whom something is asked: a user, or whoever gave these ratings. */
export const profileFields = {
  userId: quick(idSchema.optional().describe('Any user; either this or ratings.'), isId),
  ratings: quick(ownRatingsSchema.optional(), areOwnRatings),
}
export type ProfileRequest = { userId?: string | undefined; ratings?: GivenRating[] | undefined }

/** Refines an object with the fields of a profile. */
export const isOneProfile = ({ userId, ratings }: ProfileRequest) =>
  (userId === undefined) !== (ratings === undefined)
export const notOneProfile = { path: ['userId'], message: 'expected either userId or ratings' }

/** The one who is asked for; errors as of `foldedProfile`. */
export function profileFor(
  snapshot: Snapshot,
  { userId, ratings }: ProfileRequest,
): Profile | Promise<Profile> {
  return ratings ? foldedProfile(snapshot, ratings) : profileOf(snapshot, userId ?? '')
}
