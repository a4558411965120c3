import type { IntervalCoverage } from '../../model/card.ts'
import { mainLevel } from '../intervals/interval-coverage.ts'
import type { PredictorMeasurement } from './measure-model.ts'

/**
 * The figures of one predictor, in the names and order of `evaluate --json`. null is what it has
 * not: popularity predicts no rating; no error without rows; no ranking where nobody liked a movie.
 */
export type Figures = ReturnType<typeof figuresOf>

/** Errors, ranking and cold starts of one predictor on one split, in one flat record. */
export function figuresOf(
  { rows, errors, byWarmth: { warm, coldUser, coldMovie }, lists }: PredictorMeasurement,
  intervalCoverage: IntervalCoverage | null = null,
) {
  const interval = intervalCoverage?.levels.find(({ level }) => level === mainLevel)
  const few = intervalCoverage && fewRatings(intervalCoverage)
  return {
    rmse: errors?.rmse ?? null,
    mse: errors?.mse ?? null,
    mae: errors?.mae ?? null,
    rows,
    'ndcg@10': lists?.ndcg ?? null,
    'recall@10': lists?.recall ?? null,
    'precision@10': lists?.precision ?? null,
    'map@10': lists?.averagePrecision ?? null,
    'hit@10': lists?.hit ?? null,
    coverage: lists?.catalogueCoverage ?? null,
    novelty: lists?.novelty ?? null,
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
