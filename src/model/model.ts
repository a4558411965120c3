import type { Matrix } from '../numeric/linear/matrix.ts'
import type { RatingScale } from './data/rating-scale.ts'
import type { OwnRatings, RatedMovies } from './data/ratings.ts'
import type { RecentRatings } from './data/recent-ratings.ts'
import type { Vocabulary } from './data/vocabulary.ts'
import type { Intervals } from './intervals.ts'

/** One linear layer, y = Wx + b, with W [outputs, inputs] and b [outputs]. */
export type DenseLayer = { readonly weight: Matrix; readonly bias: Float32Array }

/**
 * Damped biases: μ + b_u + b_m, in rating units. What is said of users and movies that were never trained.
 */
export type Baseline = {
  readonly mean: number
  readonly userBias: Float32Array
  readonly movieBias: Float32Array
}

/** How many ratings at the mean a user's bias is damped by, see `fitBaseline`. */
export const userDamping = 4

/** The damped bias of whoever gave these ratings, b_u = Σ (r − μ − b_m) / (4 + n). */
export function userBiasOf(
  { baseline }: { readonly baseline: Baseline },
  { movieIndex, rating }: OwnRatings,
): number {
  let sum = 0
  for (let i = 0; i < rating.length; i++)
    sum += rating[i]! - baseline.mean - baseline.movieBias[movieIndex[i]!]!
  return sum / (userDamping + rating.length)
}

/**
 * Factors by which movies are ranked for a user: the higher u·v, the likelier the user likes it.
 */
export type RankingFactors = {
  /** [users, k] */
  readonly userFactors: Matrix
  /** [movies, k] */
  readonly movieFactors: Matrix
  /** [k] The mean user: what is known of anybody before their first rating. */
  readonly meanUser: Float32Array
}

/** A trained model: arrays only, immutable. What training hands over and all that serving sees. */
export type Model = {
  readonly users: Vocabulary
  readonly movies: Vocabulary
  /** [users, k] */
  readonly userFactors: Matrix
  /** [movies, k]; `net` may have another k than for users. */
  readonly movieFactors: Matrix
  /** [users]; null where a training had none to start from. */
  readonly userBias: Float32Array | null
  /** [movies]; null likewise. */
  readonly movieBias: Float32Array | null
  /** The layers of `net`, first to last, the last with one output; empty for the others. */
  readonly layers: readonly DenseLayer[]
  /** The bounds of the scaled sigmoid; null where there is none. */
  readonly ratingRange: readonly [number, number] | null
  /** The lowest and the highest rating in the data; no prediction leaves them. */
  readonly ratingScale: RatingScale
  /** What a visitor's rating may be: the declared scale, or what that of the data suggests. */
  readonly visitorScale: RatingScale
  /** From this rating on, a movie counts as liked. */
  readonly likedFrom: number
  readonly baseline: Baseline
  /**
   * Trained beside the rest for lists; null where it was not wanted, and in models from before it.
   */
  readonly ranking: RankingFactors | null
  /** All that the users rated, held-out rows included: a recommendation excludes it. */
  readonly rated: RatedMovies
  /** How often the movies were rated lately; null where the ratings have no times. */
  readonly recent: RecentRatings | null
  /** Null where nothing was held out to learn them from. */
  readonly intervals: Intervals | null
}
