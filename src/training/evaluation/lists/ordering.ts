import type { Baseline, Model } from '../../../model/model.ts'
import type { ListOrder } from '../../../model/ranker.ts'
import type { ScoredModel } from '../../../model/scorer.ts'
import type { ProductRows } from '../../../numeric/search/product-rows.ts'

/**
 * What lists are ordered by, in a model's indices, −1 being an unknown user. Whatever the way to
 * find them, lists are those of scoring every movie in single precision and sorting, equal scores
 * by index.
 */
export type Ordering =
  /** One order [movies] for everybody, the best first. */
  | { readonly by: 'order'; readonly order: Uint32Array }
  /** μ + b_u + b_m */
  | { readonly by: 'biases'; readonly baseline: Baseline }
  | { readonly by: 'relevance'; readonly model: Pick<Model, 'ranking'> }
  | { readonly by: 'rating'; readonly model: ScoredModel }
  /** Any other scores; in the thread that asks alone. */
  | { readonly by: 'scores'; readonly scoreAll: ScoreAll }

/** Puts a score for every movie into `out` [movies], for one user, −1 being an unknown one. */
export type ScoreAll = (user: number, out: Float32Array) => void

/** How a model orders lists: without a ranking, all are by predicted rating. */
export function modelOrdering(model: Model, orderBy: ListOrder): Ordering {
  if (orderBy === 'relevance' && model.ranking)
    return { by: 'relevance', model: { ranking: model.ranking } }
  const { userFactors, movieFactors, userBias, movieBias, layers } = model
  const { ratingRange, ratingScale, baseline } = model
  return {
    by: 'rating',
    model: {
      ...{ userFactors, movieFactors, userBias, movieBias, layers },
      ...{ ratingRange, ratingScale, baseline },
    },
  }
}

/** What is needed to search the movies by products; null where they are scored all. */
export type Search = { readonly kernels: WebAssembly.Module; readonly rows: ProductRows }
