import { z } from 'zod'

/** Hyper-parameters of the ranking part of a model, alike for every algorithm. */
export const rankingSpecSchema = z
  .strictObject({
    factors: z
      .int()
      .min(1)
      .max(512)
      .default(64)
      .describe('Numbers in the ranking vector of each user and movie.'),
    epochs: z.int().min(1).max(100).default(12).describe('Times that both sides are solved.'),
    unobservedWeight: z
      .number()
      .gt(0)
      .max(100)
      .default(0.1)
      .describe(
        'What a pair without a rating weighs, its target being 0; one with a rating weighs 1. Tune it together with the regularization.',
      ),
    regularization: z
      .number()
      .gt(0)
      .max(1_000)
      .default(0.3)
      .describe(
        'Strength λ. A user or movie is regularised by λ · (what all its pairs weigh together)^ν.',
      ),
    regularizationExponent: z
      .number()
      .min(0)
      .max(1)
      .default(0.5)
      .describe('ν: 0 regularises all alike, 1 by what they weigh.'),
    likedFrom: z
      .union([z.number(), z.literal('auto')])
      .default('auto')
      .describe(
        'From this rating on, a movie counts as liked and the target is 1; where no rating is as high, from the highest one on. "auto": from three quarters of the scale on, 4 of 1 to 5; where fewer than a tenth of the ratings are as high, their best quarter.',
      ),
    lowTarget: z
      .number()
      .min(0)
      .max(1)
      .default(0.5)
      .describe(
        'Below "likedFrom" the target rises from 0, at the lowest rating of the data, towards this: even a low rating says that the user chose to watch.',
      ),
    recency: z
      .number()
      .min(0)
      .max(10)
      .default(1)
      .describe(
        'For the vector of a user, a rating weighs exp(−recency · the share of their ratings that are later); 0: all weigh the same.',
      ),
  })
  .meta({
    id: 'RankingSpec',
    description:
      'The ranking part, trained beside the ratings: implicit factors by alternating least squares, by which recommendations are ordered. null: none.',
  })

export type RankingSpec = z.output<typeof rankingSpecSchema>
