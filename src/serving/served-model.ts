import { decodeModel } from '../model/artifact.ts'
import type { ModelCard } from '../model/card.ts'
import type { Model } from '../model/model.ts'
import { createRelevance, type Relevance } from '../model/relevance.ts'
import { createScorer, type Scorer } from '../model/scorer.ts'
import type { ModelRegistry } from '../storage/model-registry.ts'
import { type MovieStatistics, movieStatistics } from './movie-statistics.ts'

/** A model with all that can be worked out before the first request. */
export type ServedModel = {
  readonly card: ModelCard
  readonly model: Model
  readonly scorer: Scorer
  /** null for a model without a ranking. */
  readonly relevance: Relevance | null
  readonly statistics: MovieStatistics
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
  }
}
