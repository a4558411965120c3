import type { RatingScale } from '../../model/data/rating-scale.ts'
import {
  type Calibration,
  difficultyOf,
  levelOf,
  levels,
  userGroupOf,
  userGroups,
} from '../../model/intervals.ts'
import type { Matrix } from '../../numeric/linear/matrix.ts'
import { fitDifficulty, type Residuals } from './difficulty.ts'

/** A group with fewer rows takes the widest quantiles of the others; level 0.99 needs 99. */
const leastRows = 100
/** Times any difficulty it is more than the scale. */
const unbounded = 1e30

/**
 * Split conformal prediction (Lei et al., "Distribution-free predictive inference for regression",
 * 2018) on the chosen rows, normalised by the difficulty and by group of users (Mondrian). With the
 * scores s = |r − r̂| / σ of a group in order, s_1 … s_n, and k = (n + 1)·level,
 *
 *   q = s_k, straight between ⌊k⌋ and ⌈k⌉, and unbounded where k > n
 *
 * so that a rating not seen yet lies within the bounds with a probability of `level` and no more,
 * which the usual ⌈k⌉ would give.
 */
export function calibrate(
  residuals: Residuals,
  rows: Uint32Array,
  ratingScale: RatingScale,
): Calibration {
  const { userRatings, movieRatings, predicted, rating } = residuals
  const difficulty = fitDifficulty(residuals, rows, ratingScale)
  const scores = Float64Array.from(rows, (row) => {
    const counts = { user: userRatings[row]!, movie: movieRatings[row]! }
    const expected = difficultyOf(predicted[row]!, counts, difficulty, ratingScale)
    return Math.abs(rating[row]! - predicted[row]!) / expected
  })
  const groups = Uint8Array.from(rows, (row) => userGroupOf(userRatings[row]!))
  const known = Array.from({ length: userGroups }, (_, group) => {
    const ofGroup = scores.filter((_, i) => groups[i] === group)
    return ofGroup.length < leastRows ? null : quantilesOf(ofGroup)
  })
  const wide = widest(known.filter((quantiles) => quantiles !== null)) ?? quantilesOf(scores)
  return { ...difficulty, quantiles: tableOf(known.map((quantiles) => quantiles ?? wide)) }
}

/** q at each level of the table. */
function quantilesOf(scores: Float64Array): number[] {
  const sorted = scores.sort()
  return Array.from({ length: levels }, (_, column) => {
    const rank = (sorted.length + 1) * levelOf(column)
    if (rank > sorted.length) return unbounded
    const below = Math.floor(rank)
    const at = sorted[Math.max(0, below - 1)]!
    return at + (rank - below) * (sorted[Math.min(sorted.length - 1, below)]! - at)
  })
}

/** The largest of each column; null where there is no table. */
function widest([first, ...rest]: readonly number[][]): number[] | null {
  if (!first) return null
  return first.map((q, column) => Math.max(q, ...rest.map((quantiles) => quantiles[column]!)))
}

function tableOf(rows: readonly (readonly number[])[]): Matrix {
  return { rows: rows.length, columns: levels, data: Float32Array.from(rows.flat()) }
}
