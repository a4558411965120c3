import type { ErrorMetrics } from '../model/card.ts'
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
) {
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
  }
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
