import type { CoverageOfGroup, IntervalCoverage } from '../../model/card.ts'
import type { RatingScale } from '../../model/data/rating-scale.ts'
import { type Calibration, intervalAround } from '../../model/intervals.ts'
import { randomSplit } from '../splitting/random-split.ts'
import { calibrate } from './calibrate.ts'
import type { Residuals } from './difficulty.ts'

/** Rows, and a calibration in which they had no part. */
export type MeasuredPart = { readonly rows: Uint32Array; readonly calibration: Calibration }

const levelsShown = [0.5, 0.8, 0.9, 0.95]
/** The level that groups are shown at. */
export const mainLevel = 0.9
const userEdges = [0, 1, 30, 100]
const movieEdges = [0, 1, 10, 100]

/**
 * Coverage of intervals calibrated on rows of the same model (cross-conformal): each half of the
 * rows, drawn by the seed, is measured with the calibration of the other half.
 */
export function crossCoverage(
  residuals: Residuals,
  ratingScale: RatingScale,
  seed: number,
): IntervalCoverage {
  const halves = randomSplit(residuals.rating.length, 0.5, seed, 'intervals')
  const parts = [
    { rows: halves.kept, by: halves.heldOut },
    { rows: halves.heldOut, by: halves.kept },
  ].map(({ rows, by }) => ({ rows, calibration: calibrate(residuals, by, ratingScale) }))
  return measureIntervalCoverage(residuals, parts, ratingScale)
}

/** Coverage and width of the intervals, over the rows of all parts together. */
export function measureIntervalCoverage(
  residuals: Residuals,
  parts: readonly MeasuredPart[],
  ratingScale: RatingScale,
): IntervalCoverage {
  const { userRatings, movieRatings, predicted, rating } = residuals
  const measure = (level: number, isWanted: (row: number) => boolean) => {
    let [rows, covered, width] = [0, 0, 0]
    for (const part of parts)
      for (const row of part.rows) {
        if (!isWanted(row)) continue
        const counts = { user: userRatings[row]!, movie: movieRatings[row]! }
        const bounds = intervalAround(predicted[row]!, counts, level, part.calibration, ratingScale)
        rows += 1
        covered += Number(bounds.lowest <= rating[row]! && rating[row]! <= bounds.highest)
        width += bounds.highest - bounds.lowest
      }
    return { rows, covered: rows ? covered / rows : null, width: rows ? width / rows : null }
  }
  const byCount = (counts: Uint32Array, edges: readonly number[]): CoverageOfGroup[] =>
    edges.map((from, i) => {
      const to = (edges[i + 1] ?? Number.POSITIVE_INFINITY) - 1
      const isWanted = (row: number) => counts[row]! >= from && counts[row]! <= to
      return { from, to: Number.isFinite(to) ? to : null, ...measure(mainLevel, isWanted) }
    })
  return {
    levels: levelsShown.map((level) => ({ level, ...measure(level, () => true) })),
    byUserRatings: byCount(userRatings, userEdges),
    byMovieRatings: byCount(movieRatings, movieEdges),
  }
}
