import type { RatePoint, RateSearch } from '../model/rate-search.ts'
import type { Ratings } from '../model/ratings.ts'
import type { SteppedSpec } from '../model/training-spec.ts'
import { type BackendPreference, chooseEngine } from './engine.ts'
import { findRate } from './find-rate.ts'
import { createPulse } from './pulse.ts'
import { ratingScale, resolveRatingRange } from './rating-range.ts'
import { prepareTrainingData } from './training-data.ts'

export type RateSearchTask = {
  readonly ratings: Ratings
  readonly spec: SteppedSpec
  readonly backend: BackendPreference
  readonly hooks?: RateSearchHooks
}

export type RateSearchHooks = {
  readonly signal?: AbortSignal
  onPoint?(point: RatePoint): void
  /** The share done, 0 … 1. */
  onProgress?(share: number): void
}

/**
 * Finds a learning rate for a training on the rows that it would fit: those held out are not seen.
 * Errors as of `trainModel`.
 */
export async function searchRate(task: RateSearchTask): Promise<RateSearch> {
  const { spec, hooks = {} } = task
  const pulse = createPulse(hooks.signal, hooks.onProgress?.bind(hooks))
  await pulse.beat(0)
  const { train } = prepareTrainingData(task.ratings, undefined, spec)
  const engine = await chooseEngine(spec, task.backend)
  const ratingRange = resolveRatingRange(spec.ratingRange, ratingScale(train))
  return findRate(
    engine,
    { spec, rows: train, ratingRange },
    { pulse, onPoint: hooks.onPoint?.bind(hooks) },
  )
}
