import type { ModelCard } from '../../model/card.ts'
import { Vocabulary } from '../../model/data/vocabulary.ts'
import type { Model } from '../../model/model.ts'
import { createRanker, type Ranker } from '../../model/ranker.ts'
import { createScorer, type Scorer } from '../../model/scorer.ts'
import { openProductIndex, type ProductIndex } from '../../numeric/search/product-index.ts'
import type { PreparedModel } from './prepared-model.ts'

/** A prepared model as requests use it. */
export type ServedModel = Omit<PreparedModel, 'model'> & {
  readonly card: ModelCard
  readonly model: Model
  readonly scorer: Scorer
  /** null for a model without a ranking. */
  readonly ranker: Ranker | null
  /** Finds the movies with the highest u·v + b_u + b_m; null where scores are no such products. */
  readonly index: ProductIndex | null
  /** Finds the first movies of the ranking; null for a model without one. */
  readonly rankingIndex: ProductIndex | null
}

/**
 * Opens a prepared model for one of those that search it at once; nothing is computed here.
 */
export function openServedModel(
  card: ModelCard,
  prepared: PreparedModel,
  kernels: WebAssembly.Module | null,
  searcher = 0,
): ServedModel {
  const { model: parts, movieHalf, ratingRows, rankingRows } = prepared
  const { users, movies } = parts
  const model = { ...parts, users: new Vocabulary(users), movies: new Vocabulary(movies) }
  const { movieFactors, movieBias, ranking } = model
  return {
    ...prepared,
    card,
    model,
    scorer: createScorer(model, movieHalf),
    ranker: createRanker(model),
    index:
      kernels &&
      ratingRows &&
      openProductIndex(kernels, ratingRows, movieFactors, movieBias, searcher),
    rankingIndex:
      kernels &&
      rankingRows &&
      openProductIndex(kernels, rankingRows, ranking!.movieFactors, null, searcher),
  }
}
