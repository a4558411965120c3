import type { Matrix } from '../numeric/linear/matrix.ts'
import type { RatingScale } from './data/rating-scale.ts'

/**
 * How far predictions are off, by what is known of a pair: three factors of the expected |error|.
 */
export type Difficulty = {
  /** [ratingBuckets] in rating units, by the training ratings of the user */
  readonly byUser: Float32Array
  /** [ratingBuckets] by the training ratings of the movie */
  readonly byMovie: Float32Array
  /** [scaleParts] by where in the scale the prediction lies */
  readonly byPrediction: Float32Array
}

/** A calibration of prediction intervals, learnt from ratings that the model was not trained on. */
export type Calibration = Difficulty & {
  /** [userGroups, levels] of |error| / difficulty, rising with the level */
  readonly quantiles: Matrix
}

export type Intervals = Calibration & {
  /** [users], [movies] ratings of each in training */
  readonly userRatings: Uint32Array
  readonly movieRatings: Uint32Array
}

/** A rating's likely bounds: the level is the share of ratings that lie within such bounds. */
export type Interval = {
  readonly level: number
  readonly lowest: number
  readonly highest: number
}

/** Training ratings of the two sides of a pair; 0 where the model does not know one. */
export type RatingCounts = { readonly user: number; readonly movie: number }

/** Buckets of counts: 0, 1, 2–3, 4–7 … 256–511, 512 and more. */
export const ratingBuckets = 11
export const scaleParts = 8
/** Quantiles are kept at 0.50, 0.51 … 0.99. */
export const levels = 50
export const lowestLevel = 0.5
export const highestLevel = 0.99
const levelsInUnit = 100
/** Users with fewer ratings than the n-th are in group n, all others in the last. */
export const userGroupEdges = [1, 30, 100]
export const userGroups = userGroupEdges.length + 1

export function bucketOf(count: number): number {
  return Math.min(ratingBuckets - 1, 32 - Math.clz32(count))
}

export function userGroupOf(count: number): number {
  const group = userGroupEdges.findIndex((edge) => count < edge)
  return group < 0 ? userGroups - 1 : group
}

/** Which of the equal parts of the scale a prediction lies in. */
export function scalePartOf(prediction: number, [lowest, highest]: RatingScale): number {
  const part = Math.floor((scaleParts * (prediction - lowest)) / (highest - lowest))
  return Math.min(scaleParts - 1, Math.max(0, part || 0))
}

/** Training ratings of a pair by the model's indices, −1 for what it does not know. */
export function ratingCountsOf(
  { userRatings, movieRatings }: Pick<Intervals, 'userRatings' | 'movieRatings'>,
  userIndex: number,
  movieIndex: number,
): RatingCounts {
  return { user: userRatings[userIndex] ?? 0, movie: movieRatings[movieIndex] ?? 0 }
}

/** σ = byUser(n_u)·byMovie(n_m)·byPrediction(r̂), the |error| to expect, in rating units. */
export function difficultyOf(
  prediction: number,
  { user, movie }: RatingCounts,
  { byUser, byMovie, byPrediction }: Difficulty,
  ratingScale: RatingScale,
): number {
  const part = scalePartOf(prediction, ratingScale)
  return byUser[bucketOf(user)]! * byMovie[bucketOf(movie)]! * byPrediction[part]!
}

/**
 * The bounds of a rating that was predicted as r̂, within the scale, for a level of 0.5 … 0.99:
 *
 *   [r̂ − q·σ, r̂ + q·σ]
 *
 * with σ the difficulty and q the quantile of the user's group at the level, straight between the
 * levels of the table.
 */
export function intervalAround(
  prediction: number,
  counts: RatingCounts,
  level: number,
  calibration: Calibration,
  ratingScale: RatingScale,
): Interval {
  const [lowest, highest] = ratingScale
  const reach =
    quantileAt(level, userGroupOf(counts.user), calibration.quantiles) *
    difficultyOf(prediction, counts, calibration, ratingScale)
  return {
    level,
    lowest: Math.max(lowest, prediction - reach),
    highest: Math.min(highest, prediction + reach),
  }
}

function quantileAt(level: number, group: number, { columns, data }: Matrix): number {
  // Rounded, because (0.9 − 0.5)·100 is not quite 40; not by `toFixed`, which takes ten times as long.
  const rounded = Math.round((level - lowestLevel) * levelsInUnit * 1e9) / 1e9
  const place = Math.min(columns - 1, rounded)
  const below = Math.floor(place)
  const at = data[group * columns + below]!
  const next = data[group * columns + Math.min(columns - 1, below + 1)]!
  return at + (place - below) * (next - at)
}

/** The level of a column of the table of quantiles. */
export function levelOf(column: number): number {
  return lowestLevel + column / levelsInUnit
}
