import { decodeModel } from '../model/artifact.ts'
import type { ModelCard } from '../model/card.ts'
import type { Matrix, Model } from '../model/model.ts'
import { createRelevance, type Relevance } from '../model/relevance.ts'
import { createScorer, type Scorer } from '../model/scorer.ts'
import { rowNormSteps } from '../numeric/row-norms.ts'
import type { ModelRegistry } from '../storage/model-registry.ts'
import { inSlices } from './in-slices.ts'
import { type MovieStatistics, movieStatistics } from './movie-statistics.ts'
import { type Tastes, tasteSteps } from './tastes.ts'

/** A model with all that can be worked out before the first request. */
export type ServedModel = {
  readonly card: ModelCard
  readonly model: Model
  readonly scorer: Scorer
  /** null for a model without a ranking. */
  readonly relevance: Relevance | null
  readonly statistics: MovieStatistics
  readonly tastes: Tastes
  /** [users] and [movies] lengths of the factors */
  readonly userNorms: Float32Array
  readonly movieNorms: Float32Array
}

/** Loads and checks a published model whole; an `invalid-model` error says what is wrong with it. */
export async function loadServedModel(
  registry: ModelRegistry,
  version: string,
): Promise<ServedModel> {
  const card = await registry.card(version)
  const model = decodeModel(await registry.tensors(card))
  return {
    card,
    model,
    scorer: createScorer(model),
    relevance: createRelevance(model),
    statistics: movieStatistics(model),
    tastes: await inSlices(tasteSteps(model)),
    userNorms: await normsOf(model.userFactors),
    movieNorms: await normsOf(model.movieFactors),
  }
}

function normsOf({ data, rows, columns }: Matrix): Promise<Float32Array> {
  return inSlices(rowNormSteps(data, rows, columns))
}
