import { z } from 'zod'
import { type RecommendOptions, recommend } from '../serving/recommend.ts'
import type { Snapshot } from '../serving/snapshot.ts'
import { type Person, raterFor } from './person.ts'
import { basisSchema, modelField, movieSchema, ratingSchema } from './schemas.ts'

/** A list of movies for one person. */
export const recommendationsSchema = z
  .object({
    model: modelField,
    userId: z.string().optional().describe('Where a user was asked for.'),
    basis: basisSchema,
    items: z.array(movieSchema.extend({ rating: ratingSchema })).describe('Best first.'),
    nextCursor: z.string().nullable().describe('Asks for the next page; null on the last.'),
    unknownMovieIds: z
      .array(z.string())
      .describe(
        'Candidates and rated movies that the model does not know: they count for nothing.',
      ),
  })
  .meta({ id: 'Recommendations' })

/** The answer with a person's list; errors as of `foldedRater` and `recommend`. */
export async function listAnswer(
  snapshot: Snapshot,
  person: Person,
  wanted: RecommendOptions,
  at?: string,
): Promise<z.output<typeof recommendationsSchema>> {
  const { userId } = person
  const rater = await raterFor(snapshot, person)
  const list = recommend(snapshot, rater, wanted, at)
  return { model: snapshot.version, ...(userId !== undefined && { userId }), ...list }
}
