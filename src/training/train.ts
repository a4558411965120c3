import type { SideInformation } from '../model/data/attributes.ts'
import type { Ratings } from '../model/data/ratings.ts'
import type { Model } from '../model/model.ts'
import type { TrainingSpec } from '../model/spec/training-spec.ts'
import type { BackendPreference } from './engines/engine.ts'
import { type ListProtocol, type Measurement, measureModel } from './evaluation/measure-model.ts'
import { type Fit, type FitHooks, fitModel } from './fit/fit-model.ts'
import { refitModel } from './fit/refit-model.ts'
import { createPulse, partOf } from './pulse.ts'
import { prepareTrainingData } from './splitting/training-data.ts'

export type TrainingHooks = FitHooks & {
  readonly signal?: AbortSignal
  /** The share done, 0 … 1; some twenty times a second. */
  onProgress?(share: number): void
}

export type TrainingTask = {
  readonly ratings: Ratings
  /** Held-out rows of the caller's own, instead of the split of the spec. */
  readonly test?: Ratings
  /** For the algorithms that use it, today `bayes`; ids without ratings may be among them. */
  readonly attributes?: SideInformation
  readonly spec: TrainingSpec
  readonly backend: BackendPreference
  readonly hooks?: TrainingHooks
}

export type Training = {
  /** What was measured. */
  readonly fit: Fit
  /** Null where nothing is held out. */
  readonly measurement: Measurement | null
  /** The fit on all rows, whose model serves; null where there is none, and `fit` does. */
  readonly refit: Fit | null
}

/** The model that serves. */
export function servedModel({ fit, refit }: Training): Model {
  return (refit ?? fit).model
}

/** Scoring every movie for more users than these would take longer than training on large data. */
const mostUsers = 1_000

/** The lists that a card tells of, for users drawn by the seed. */
export function cardLists(seed: number): ListProtocol {
  return { candidates: 'unliked', orderBy: 'relevance', sample: { mostUsers, seed } }
}

/** The share of the progress that comes before a refit. */
const shareBeforeRefit = 0.55

/**
 * Ratings to a model that is measured on the rows held out, its lists for a thousand users at most,
 * and then, with `refit`, fitted again on all rows; not on those of a `test` of the caller's.
 * Errors: `no-ratings`, and those of `fitModel`.
 */
export async function trainModel(task: TrainingTask): Promise<Training> {
  const { ratings, test, spec, hooks = {} } = task
  const { seed } = spec
  const pulse = createPulse(hooks.signal, hooks.onProgress?.bind(hooks))
  const data = prepareTrainingData(ratings, test, spec)
  const { train, heldOut } = data
  const isRefitted = spec.refit && !test && train.rating.length < ratings.rating.length
  const before = isRefitted ? shareBeforeRefit : 1
  const fit = await fitModel({ ...task, data }, partOf(pulse, 0, before))
  const lists = spec.ranking && cardLists(seed)
  const measurement =
    heldOut &&
    (await measureModel(
      { ...fit, train, test: heldOut, lists, seed },
      partOf(pulse, before, before),
    ))
  const refit = isRefitted ? await refitModel(fit, task, partOf(pulse, before, 1)) : null
  return { fit, measurement, refit }
}
