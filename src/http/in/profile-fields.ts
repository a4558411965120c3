import { z } from 'zod'
import { idSchema } from '../../model/data/ids.ts'
import type { GivenRating } from '../../serving/given-ratings.ts'
import { foldedProfile, type Profile, profileOf } from '../../serving/profile.ts'
import type { Snapshot } from '../../serving/snapshot.ts'

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

/** For whom something is asked: a user, or whoever gave these ratings. */
export const profileFields = {
  userId: idSchema.optional().describe('Any user; either this or ratings.'),
  ratings: ownRatingsSchema.optional(),
}
export type ProfileRequest = { userId?: string | undefined; ratings?: GivenRating[] | undefined }

/** Refines an object with the fields of a profile. */
export const isOneProfile = ({ userId, ratings }: ProfileRequest) =>
  (userId === undefined) !== (ratings === undefined)
export const notOneProfile = { path: ['userId'], message: 'expected either userId or ratings' }

/** The one who is asked for; errors as of `foldedProfile`. */
export async function profileFor(
  snapshot: Snapshot,
  { userId, ratings }: ProfileRequest,
): Promise<Profile> {
  return ratings ? foldedProfile(snapshot, ratings) : profileOf(snapshot, userId ?? '')
}
