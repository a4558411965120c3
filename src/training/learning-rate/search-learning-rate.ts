import type { RatePoint, RateSearch } from '../../model/spec/learning-rate-search.ts'
import type { Ratings } from '../../model/data/ratings.ts'
import type { SteppedSpec } from '../../model/spec/training-spec.ts'
import { type BackendPreference, onEngine } from '../engines/engine.ts'
import { findRate } from './find-learning-rate.ts'
import { createPulse } from '../pulse.ts'
import { ratingScale, resolveRatingRange } from '../fit/rating-range.ts'
import type { Engine } from '../trainer.ts'
import { prepareTrainingData } from '../splitting/training-data.ts'

export type RateSearchTask = {
  readonly ratings: Ratings
  readonly spec: SteppedSpec
  readonly backend: BackendPreference
  readonly hooks?: RateSearchHooks
}

export type RateSearchHooks = {
  readonly signal?: AbortSignal
  onPoint?(point: RatePoint): void
  /** Why the search begins anew on the next engine. */
  onSetback?(reason: string): void
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
  const ratingRange = resolveRatingRange(spec.ratingRange, ratingScale(train))
  const of = { spec, rows: train, ratingRange }
  const options = { pulse, onPoint: hooks.onPoint?.bind(hooks) }
  const find = (engine: Engine) => findRate(engine, of, options)
  return onEngine(spec, task.backend, find, hooks.onSetback?.bind(hooks))
}
