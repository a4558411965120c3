import type { Ratings } from '../../model/data/ratings.ts'
import type {
  LearningRatePoint,
  LearningRateSearch,
} from '../../model/spec/learning-rate-search.ts'
import type { SteppedSpec } from '../../model/spec/training-spec.ts'
import { type BackendPreference, onEngine } from '../engines/engine.ts'
import { fitBaseline } from '../fit/baseline.ts'
import { resolveRatingRange } from '../fit/rating-range.ts'
import { standardise } from '../fit/rating-unit.ts'
import { settleSpec } from '../fit/settle-spec.ts'
import { startFor } from '../fit/start.ts'
import type { ProgressMeter } from '../progress/meter.ts'
import { createPulse } from '../pulse.ts'
import { prepareTrainingData } from '../splitting/training-data.ts'
import type { Engine } from '../trainer.ts'
import { findLearningRate } from './find-learning-rate.ts'

export type LearningRateSearchTask = {
  readonly ratings: Ratings
  readonly spec: SteppedSpec
  readonly backend: BackendPreference
  readonly hooks?: LearningRateSearchHooks
}

export type LearningRateSearchHooks = {
  readonly signal?: AbortSignal
  onPoint?(point: LearningRatePoint): void
  /** Why the search begins anew on the next engine. */
  onSetback?(reason: string): void
  readonly meter?: ProgressMeter
  /** Told what it searches on. */
  onEngine?(engine: Pick<Engine, 'name' | 'device'>): void
}

/**
 * Finds a learning rate for a training on the rows that it would fit: those held out are not seen.
 * Errors as of `trainModel`.
 */
export async function searchLearningRate(
  task: LearningRateSearchTask,
): Promise<LearningRateSearch> {
  const { spec: asked, hooks = {} } = task
  const pulse = createPulse(hooks.signal, hooks.meter)
  await pulse.step('prepare').beat(0)
  const given = prepareTrainingData(task.ratings, undefined, asked)
  // As a training is settled that is given the rate.
  const spec = settleSpec({ ...asked, learningRate: 'auto' }, given.train, task.backend)
  const { unit, data } = standardise(given, spec)
  const ratingRange = resolveRatingRange(spec, data.scale, unit)
  const baseline = await fitBaseline(data.train, pulse.step('biases'))
  const start = startFor(spec, baseline, ratingRange, data.train)
  const of = { spec, rows: data.train, ratingRange, start }
  const inRatings = (point: LearningRatePoint) => {
    return { ...point, loss: unit.size ** 2 * point.loss }
  }
  const options = {
    onPoint: (point: LearningRatePoint) => hooks.onPoint?.(inRatings(point)),
  }
  const find = (engine: Engine) => {
    hooks.onEngine?.(engine)
    return findLearningRate(engine, of, { ...options, pulse: pulse.step('rate') })
  }
  const found = await onEngine(spec, task.backend, find, hooks.onSetback?.bind(hooks))
  return { ...found, points: found.points.map(inRatings) }
}
