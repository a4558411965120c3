import { z } from 'zod'
import { listOrders } from '../../model/ranker.ts'
import { type ExplainedList, explainedList } from '../../serving/lists/explained-list.ts'
import type { RecommendOptions } from '../../serving/lists/recommend.ts'
import type { Profile } from '../../serving/profile.ts'
import { answeredBy, type Snapshot } from '../../serving/snapshot.ts'
import { type ProfileRequest, profileFor } from '../in/profile-fields.ts'
import {
  basisSchema,
  experimentField,
  listOf,
  modelField,
  movieSchema,
  nextCursorField,
  ratingSchema,
} from '../openapi/schemas.ts'
import { listText } from './list-text.ts'
import { writtenBy } from './serialisation.ts'
import { whenThere } from './when-there.ts'

/** A rating of the user's own in a split of a score. */
export const contributionSchema = movieSchema
  .extend({
    rating: z.number().describe('What the user gave it.'),
    relevance: z.number().optional().describe('By how much that moves the relevance.'),
    stars: z.number().optional().describe('Where a rating is split: by how much that moves it.'),
  })
  .meta({ id: 'Contribution' })

const itemSchema = movieSchema.extend({
  rating: ratingSchema.describe('The predicted rating, in rating units, within their scale.'),
  score: z
    .number()
    .describe(
      'What the list is ordered by. With "relevance" most are between 0 and 1, and they compare within one list only; with "rating", the predicted rating before it is put into the scale.',
    ),
  ratings: z
    .int()
    .describe('How many rated it in the data of the model; of a newer movie, until now.'),
  because: listOf(contributionSchema)
    .optional()
    .describe(
      'With `explain`: at most three movies that the user liked and that raise the score, the strongest first.',
    ),
})

const listSchema = z
  .object({
    model: modelField,
    experiment: experimentField,
    userId: z.string().optional().describe('Where a user was asked for.'),
    basis: basisSchema,
    orderBy: z
      .enum(listOrders)
      .describe(
        'What the list is ordered by: "rating" too where there is no relevance to order by.',
      ),
    items: z.array(itemSchema).describe('Best first.'),
    nextCursor: nextCursorField,
    unknownMovieIds: z
      .array(z.string())
      .describe(
        'Candidates and rated movies that the model does not know: they count for nothing.',
      ),
  })
  .meta({ id: 'Recommendations' })

export type ListAnswer = z.output<typeof listSchema>

/** A list of movies for one profile. */
export const recommendationsSchema = writtenBy(listSchema, listText)

/**
 * The answer with a profile's list, at once where nothing of it takes long; errors as of `foldedProfile` and
 * `recommend`.
 */
export function listAnswer(
  snapshot: Snapshot,
  asked: ProfileRequest,
  wanted: RecommendOptions & { explain?: boolean },
  at?: string,
): ListAnswer | Promise<ListAnswer> {
  const answerOf = (list: ExplainedList) => answerWith(snapshot, asked, list)
  const listOf = (profile: Profile) =>
    whenThere(explainedList(snapshot, profile, wanted, at), answerOf)
  return whenThere(profileFor(snapshot, asked), listOf)
}

function answerWith(
  snapshot: Snapshot,
  { userId }: ProfileRequest,
  { basis, orderBy, items, nextCursor, unknownMovieIds }: ExplainedList,
): ListAnswer {
  const { model, experiment } = answeredBy(snapshot)
  return { model, experiment, userId, basis, orderBy, items, nextCursor, unknownMovieIds }
}
