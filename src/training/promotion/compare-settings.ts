import { isDeepStrictEqual } from 'node:util'
import { MarqueeError } from '../../errors.ts'
import type { SideInformation } from '../../model/data/attributes.ts'
import type { Ratings } from '../../model/data/ratings.ts'
import type { Comparison } from '../../model/promotion.ts'
import { rankingEpochs } from '../../model/spec/ranking-spec.ts'
import type { TrainingSpec } from '../../model/spec/training-spec.ts'
import type { BackendPreference } from '../engines/engine.ts'
import { type ListProtocol, type Measurement, measureModel } from '../evaluation/measure-model.ts'
import { fitModel } from '../fit/fit-model.ts'
import { withOptimizer } from '../fit/settle-spec.ts'
import type { Fit } from '../fit-task.ts'
import { partOf, type StepPulse } from '../pulse.ts'
import { prepareTrainingData, type TrainingData } from '../splitting/training-data.ts'
import { compareMeasured } from './compare-measured.ts'

/** A candidate that was measured on held-out rows, and the settings to compare it with. */
export type ComparisonTask = {
  /** What the candidate was asked for. */
  readonly spec: TrainingSpec
  /** What the model that serves was asked for. */
  readonly serving: TrainingSpec
  readonly ratings: Ratings
  readonly attributes?: SideInformation
  readonly backend: BackendPreference
  readonly data: TrainingData
  readonly fit: Fit
  readonly measurement: Measurement
  readonly lists: ListProtocol
}

/** What came of it: figures; that there is nothing to compare; or why it could not be done. */
export type Compared =
  | { readonly outcome: 'compared'; readonly comparison: Comparison }
  | { readonly outcome: 'same-settings' }
  | { readonly outcome: 'not-compared'; readonly reason: string }

/**
 * Compares a candidate with the settings of the model that serves, fitted to the candidate's training
 * rows, by the same `measureModel` on the same held-out rows. The serving model itself is not measured:
 * it was fitted to all ratings of its time, most of the held-out ones among them. What has been rated
 * since would be left of them, but that is few, all of it of the candidate's newer time, and by users
 * whom the service folds in and `measureModel` takes as they were trained: all three speak for the
 * candidate. So the question is what both settings make of one and the same data; that the candidate
 * knows newer ratings is no part of it. It takes one fit, as long as that of the serving model, and no
 * refit; none where the settings are the same.
 */
export async function compareSettings(task: ComparisonTask, pulse: StepPulse): Promise<Compared> {
  const { spec, serving } = task
  const on = { ratings: task.data.train.rating.length, backend: task.backend }
  if (areSameSettings(spec, serving, on)) return { outcome: 'same-settings' }
  try {
    return { outcome: 'compared', comparison: await fitAndCompare(task, pulse) }
  } catch (error) {
    if (!(error instanceof MarqueeError) || error.code === 'cancelled') throw error
    return {
      outcome: 'not-compared',
      reason: `The settings of the model that serves could not be fitted again: ${error.message}`,
    }
  }
}

/** So many training ratings, and the backend that fits them. */
type On = { readonly ratings: number; readonly backend: BackendPreference }

/** Whether two trainings differ in nothing but engine, seed, held-out rows and refit. */
export function areSameSettings(one: TrainingSpec, other: TrainingSpec, on: On): boolean {
  const { split, seed } = one
  return isDeepStrictEqual(
    withNamedEpochs(settingsOn(one, one, on)),
    withNamedEpochs(settingsOn(other, { split, seed }, on)),
  )
}

/** Of a ranking that has as many epochs as "auto" has of few ratings, the default of once. */
function withNamedEpochs({ ranking, ...settings }: TrainingSpec): object {
  if (!ranking) return { ...settings, ranking }
  const isAuto = ranking.epochs === rankingEpochs({ epochs: 'auto' }, 0)
  return { ...settings, ranking: isAuto ? { ...ranking, epochs: 'auto' } : ranking }
}

/** Settings as they are fitted for a comparison: on any engine, by the optimizer that they have on theirs. */
function settingsOn(
  settings: TrainingSpec,
  { split, seed }: Pick<TrainingSpec, 'split' | 'seed'>,
  { ratings, backend }: On,
): TrainingSpec {
  const optimised =
    settings.algorithm === 'bayes' ? settings : withOptimizer(settings, ratings, backend)
  return { ...optimised, split, seed, engine: 'auto', refit: false }
}

async function fitAndCompare(task: ComparisonTask, pulse: StepPulse): Promise<Comparison> {
  const { ratings, attributes, backend, spec, fit, lists, measurement } = task
  const { declaredScale } = ratings
  const { seed } = spec
  const begin = performance.now()
  const train = { ...task.data.train, ...(declaredScale && { declaredScale }) }
  const settings = settingsOn(task.serving, spec, { ratings: train.rating.length, backend })
  const test = task.data.heldOut!
  // It refuses rows that stand in both.
  const data = prepareTrainingData(train, test, settings)
  const again = await fitModel(
    { data, spec: settings, backend, ...(attributes && { attributes }) },
    partOf(pulse, 0, 0.9),
  )
  const { likedFrom } = fit.model
  const measured = async ({ model, counts }: Fit, part: StepPulse) =>
    measureModel({ model: { ...model, likedFrom }, counts, train, test, lists, seed }, part)
  const ours = measurement.lists ? measurement : await measured(fit, partOf(pulse, 0.9, 0.95))
  const theirs = await measured(again, partOf(pulse, 0.95, 1))
  return {
    ...compareMeasured(
      test,
      { users: fit.model.users, measurement: ours },
      { users: again.model.users, measurement: theirs },
      seed,
    ),
    seconds: (performance.now() - begin) / 1_000,
    seed,
  }
}
