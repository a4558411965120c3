import type { ModelCard } from '../../model/card.ts'
import { decodeModelSteps } from '../../model/file/model-file.ts'
import type { Model } from '../../model/model.ts'
import { type Ranker, rankerSteps } from '../../model/ranker.ts'
import { type Scorer, scorerSteps } from '../../model/scorer.ts'
import { rowNormSteps } from '../../numeric/linear/row-norms.ts'
import { sortedIndicesSteps } from '../../numeric/search/merge-sort.ts'
import type { ProductIndex } from '../../numeric/search/product-index.ts'
import type { ModelRegistry } from '../../storage/model-registry.ts'
import { type FoldInModel, prepareFoldInSteps } from '../fold-in/prepare-fold-in.ts'
import { type RankingFoldIn, rankingFoldInSteps } from '../fold-in/ranking-fold-in.ts'
import { inBackground } from '../in-slices.ts'
import { rankingIndexSteps, ratingIndexSteps } from './movie-index.ts'
import { type MovieStatistics, statisticsSteps } from './movie-statistics.ts'

/** A model with all that can be worked out before the first request. */
export type ServedModel = {
  readonly card: ModelCard
  readonly model: Model
  readonly scorer: Scorer
  /** null for a model without a ranking. */
  readonly ranker: Ranker | null
  readonly statistics: MovieStatistics
  readonly foldIn: FoldInModel
  /** null for a model without a ranking. */
  readonly rankingFoldIn: RankingFoldIn | null
  /** [users] and [movies] lengths of the factors */
  readonly userNorms: Float32Array
  readonly movieNorms: Float32Array
  /** Finds the movies with the highest u·v + b_u + b_m; null where scores are no such products. */
  readonly index: ProductIndex | null
  /** Finds the most relevant movies; null for a model without a ranking. */
  readonly rankingIndex: ProductIndex | null
  /** [movies] movie indices by falling bias of the baseline, equal ones by index */
  readonly byBaseline: Uint32Array
  /** [movies] the same by the bias that the model learnt, or the baseline's where it learns none */
  readonly byBias: { readonly top: Uint32Array; readonly bottom: Uint32Array }
}

/**
 * Loads and checks a published model whole, a slice at a time, so that requests are answered
 * meanwhile; an `invalid-model` error says what is wrong with it.
 */
export async function loadServedModel(
  registry: ModelRegistry,
  kernels: WebAssembly.Module | null,
  version: string,
): Promise<ServedModel> {
  const card = await registry.card(version)
  const bytes = await registry.tensors(card)
  return inBackground(servedModelSteps(card, bytes, kernels))
}

/** The same from the model's bytes, in steps. */
export function* servedModelSteps(
  card: ModelCard,
  bytes: Uint8Array,
  kernels: WebAssembly.Module | null,
): Generator<void, ServedModel> {
  const model = yield* decodeModelSteps(bytes)
  const size = model.movies.size
  const baseline = model.baseline.movieBias
  const byBaseline = yield* sortedIndicesSteps(size, (a, b) => baseline[b]! - baseline[a]!)
  const bias = model.movieBias ?? baseline
  return {
    card,
    model,
    scorer: yield* scorerSteps(model),
    ranker: yield* rankerSteps(model),
    statistics: yield* statisticsSteps(model),
    foldIn: yield* prepareFoldInSteps(model),
    rankingFoldIn: yield* rankingFoldInSteps(model, card.spec.ranking),
    userNorms: yield* normSteps(model.userFactors),
    movieNorms: yield* normSteps(model.movieFactors),
    index: kernels && (yield* ratingIndexSteps(kernels, model)),
    rankingIndex: kernels && (yield* rankingIndexSteps(kernels, model)),
    byBaseline,
    byBias: {
      top:
        bias === baseline
          ? byBaseline
          : yield* sortedIndicesSteps(size, (a, b) => bias[b]! - bias[a]!),
      bottom: yield* sortedIndicesSteps(size, (a, b) => bias[a]! - bias[b]!),
    },
  }
}

function normSteps({ data, rows, columns }: Model['userFactors']) {
  return rowNormSteps(data, rows, columns)
}
