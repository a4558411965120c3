import type { ErrorMetrics, IntervalCoverage } from '../../model/card.ts'
import { mainLevel } from '../intervals/interval-coverage.ts'
import type { ErrorsByWarmth } from './errors-by-warmth.ts'
import type { RankingMetrics } from './measure-ranking.ts'

/** How long the ranked lists are that `evaluate` measures. */
export const listLength = 10

/**
 * What is measured of one predictor, in the names and order of `evaluate --json`. null is what it has
 * not: popularity predicts no rating; no error without rows; no ranking where nobody liked a movie.
 */
export type Figures = ReturnType<typeof figuresOf>

/** Errors, ranking and cold starts of one predictor on one split, in one flat record. */
export function figuresOf(
  rows: number,
  errors: ErrorMetrics | null,
  ranking: RankingMetrics,
  { warm, coldUser, coldMovie }: ErrorsByWarmth,
  intervals: IntervalCoverage | null,
) {
  const interval = intervals?.levels.find(({ level }) => level === mainLevel)
  const few = intervals && fewRatings(intervals)
  return {
    rmse: errors?.rmse ?? null,
    mse: errors?.mse ?? null,
    mae: errors?.mae ?? null,
    rows,
    'ndcg@10': ranking.ndcg,
    'recall@10': ranking.recall,
    'precision@10': ranking.precision,
    'map@10': ranking.averagePrecision,
    'hit@10': ranking.hit,
    coverage: ranking.coverage,
    novelty: ranking.novelty,
    warmRows: warm?.rows ?? 0,
    coldUserRows: coldUser?.rows ?? 0,
    coldMovieRows: coldMovie?.rows ?? 0,
    warmRmse: errors && (warm?.rmse ?? null),
    coldUserRmse: errors && (coldUser?.rmse ?? null),
    coldMovieRmse: errors && (coldMovie?.rmse ?? null),
    interval90Covered: interval?.covered ?? null,
    interval90Width: interval?.width ?? null,
    interval90FewRows: few?.rows ?? null,
    interval90FewCovered: few?.covered ?? null,
  }
}

/** The 0.9 intervals of users with fewer than 30 training ratings, or none. */
function fewRatings({ byUserRatings }: IntervalCoverage) {
  const groups = byUserRatings.filter(({ to }) => to !== null && to < 30)
  const rows = groups.reduce((sum, group) => sum + group.rows, 0)
  const covered = groups.reduce((sum, group) => sum + group.rows * (group.covered ?? 0), 0)
  return { rows, covered: rows === 0 ? null : covered / rows }
}

/** Each figure's mean over the folds that have it, null where none has. There must be a fold. */
export function meanFigures(folds: readonly Figures[]): Figures {
  const names = Object.keys(folds[0]!) as (keyof Figures)[]
  const means = names.map((name) => {
    const values = folds.flatMap((fold) => fold[name] ?? [])
    const sum = values.reduce((total, value) => total + value, 0)
    return [name, values.length === 0 ? null : sum / values.length]
  })
  return Object.fromEntries(means) as Figures
}
