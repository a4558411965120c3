import { z } from 'zod'

/** Numbers of a ranking that go together. */
export type RankingSetting = {
  readonly factors: number
  readonly unobservedWeight: number
  readonly regularization: number
}

/**
 * What "auto" chooses from, the one to prefer first: it is best where users have some hundred
 * ratings (MovieLens). With ten a user (Flixster) the weak regularisation with more factors is, by
 * a half.
 */
export const rankingSettings: readonly RankingSetting[] = [
  { factors: 64, unobservedWeight: 0.1, regularization: 0.3 },
  { factors: 64, unobservedWeight: 0.03, regularization: 0.3 },
  { factors: 64, unobservedWeight: 0.3, regularization: 0.3 },
  { factors: 64, unobservedWeight: 0.1, regularization: 1 },
  { factors: 128, unobservedWeight: 0.1, regularization: 0.1 },
  { factors: 128, unobservedWeight: 0.03, regularization: 0.1 },
]

const auto = z.literal('auto')

/** Hyper-parameters of the ranking part of a model, alike for every algorithm. */
export const rankingSpecSchema = z
  .strictObject({
    factors: z
      .union([z.int().min(1).max(512), auto])
      .default('auto')
      .describe(
        'Numbers in the ranking vector of each user and movie. "auto", here and of the two below: of six settings of the three, the one whose short fits put likes of the training rows that were set apart highest (NDCG@10); the card shows what was chosen.',
      ),
    epochs: z
      .union([z.int().min(1).max(100), auto])
      .default('auto')
      .describe(
        'Times that both sides are solved. "auto": 12, of more than a million ratings fewer, of five million and more 8.',
      ),
    unobservedWeight: z
      .union([z.number().gt(0).max(100), auto])
      .default('auto')
      .describe(
        'What a pair without a rating weighs, its target being 0; one with a rating weighs 1. Tune it together with the regularization.',
      ),
    regularization: z
      .union([z.number().gt(0).max(1_000), auto])
      .default('auto')
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
    priorRatings: z
      .union([z.number().gt(0).max(1_000), auto])
      .default('auto')
      .describe(
        'How many ratings of their own weigh as much as the mean user, to whom a user with few ratings is drawn. "auto": of 1, 2, 4, 8 and 16 what puts likes set apart of users of whom 1, 2 and 5 ratings are known highest.',
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
/** A ranking of which all is known. */
export type ResolvedRankingSpec = Omit<
  RankingSpec,
  keyof RankingSetting | 'priorRatings' | 'epochs'
> &
  RankingSetting & { readonly priorRatings: number; readonly epochs: number }

/**
 * The epochs of a ranking of so many training ratings; "auto" is 12·min(1, (1,000,000/N)^¼), at least 8. On
 * MovieLens 100K and latest-small, three seeds each, NDCG@10 of likes set apart was 0.0002 lower after 8 epochs
 * than after 12 (the difference's standard error being 0.0007), after 6 it was 0.001 lower; on two million
 * generated ratings it was highest after 4.
 */
export function rankingEpochs({ epochs }: Pick<RankingSpec, 'epochs'>, ratings: number): number {
  if (epochs !== 'auto') return epochs
  return Math.round(Math.max(8, 12 * Math.min(1, 1_000_000 / ratings) ** 0.25))
}

/** Of a training of up to so many ratings, those held out among them, an epoch solves each user and movie. */
export const mostSolvedRatings = 5_000_000
/** Of more, it takes so many steps of conjugate gradients towards the solution. */
export const refinementSteps = 3
/**
 * And so many when users come last, whose ratings weigh otherwise then. On MovieLens 100K and latest-small,
 * seeds 1 to 4 each, NDCG@10 of likes set apart was off that of solving them by −0.0001 to 0.0009, one
 * standard error being 0.0001 to 0.0007 (`npm run bench:ranking-epochs`).
 */
export const lastRefinementSteps = 5

/** What "auto" chooses from, the one to prefer first. */
export const priorRatings: readonly number[] = [1, 2, 4, 8, 16]

/** What a model was trained with, as its card says; null for one without a ranking. */
export function resolvedRanking(spec: RankingSpec | null): ResolvedRankingSpec | null {
  if (!spec) return null
  const [first] = rankingSettings
  const { factors, unobservedWeight, regularization, priorRatings: prior } = spec
  // A card names numbers; one that does not is of a model that was not searched for.
  return {
    ...{ ...spec, epochs: rankingEpochs(spec, 0) },
    factors: factors === 'auto' ? first!.factors : factors,
    unobservedWeight: unobservedWeight === 'auto' ? first!.unobservedWeight : unobservedWeight,
    regularization: regularization === 'auto' ? first!.regularization : regularization,
    priorRatings: prior === 'auto' ? priorRatings[0]! : prior,
  }
}
