import { MarqueeError } from '../../errors.ts'
import type { SideInformation } from '../../model/data/attributes.ts'
import type { Ratings } from '../../model/data/ratings.ts'
import type { TrainingSpec } from '../../model/spec/training-spec.ts'
import type { BackendPreference } from '../engines/engine.ts'
import { fitModel } from '../fit/fit-model.ts'
import type { Fit } from '../fit-task.ts'
import { createPulse, type StepPulse } from '../pulse.ts'
import { prepareTrainingData } from '../splitting/training-data.ts'
import type { TrainingHooks } from '../train.ts'
import type { AlsoRow } from './also/also-measure.ts'
import { type AlsoName, alsoMeasures } from './also/also-measures.ts'
import { type Figures, figuresOf } from './figures.ts'
import {
  type ListProtocol,
  type Measurement,
  measureModel,
  measurePredictor,
  type TestSet,
  testSetOf,
} from './measure-model.ts'
import { biasOnly, globalMean, popularity } from './predictors.ts'

/** Rows to train on and rows to measure on; no pair of a user and a movie stands in both. */
export type TestSplit = { readonly train: Ratings; readonly test: Ratings }

export type EvaluationTask = TestSplit & {
  /** Known of users and movies besides their ratings; for the algorithms that use it. */
  readonly attributes?: SideInformation
  /** One training each; at least one. */
  readonly specs: readonly TrainingSpec[]
  /** Which movies lists may show, and what those of trained models are ordered by. */
  readonly candidates: ListProtocol['candidates']
  readonly orderBy: ListProtocol['orderBy']
  /** What else to measure of each trained model. */
  readonly also?: readonly AlsoName[]
  /** Whether a report is to be made of the trainings. */
  readonly isReported?: boolean
  readonly backend: BackendPreference
  hooksFor?(spec: TrainingSpec): TrainingHooks
}

/** One predictor on one split. */
export type Evaluation = {
  readonly algorithm: string
  /** The fit and its measurement; baselines have none. */
  readonly trained?: { readonly fit: Fit; readonly measurement: Measurement }
  readonly figures: Figures
  /** By name, what else was asked for; baselines have none. */
  readonly also?: Readonly<Partial<Record<AlsoName, readonly AlsoRow[]>>>
  readonly trainSeconds: number
}

/**
 * Trains what is asked for on one side of a split and measures it on the other, then the baselines
 * (global mean, damped biases, popularity) on the same rows. Errors as of `trainModel`.
 */
export async function evaluateSplit(task: EvaluationTask): Promise<Evaluation[]> {
  if (task.test.rating.length === 0)
    throw new MarqueeError('no-ratings', 'There are no ratings to measure on.')
  const evaluations: Evaluation[] = []
  let first: { readonly fit: Fit; readonly testSet: TestSet } | null = null
  for (const spec of task.specs) {
    const trained = await fitAndMeasure(task, spec)
    const { fit, measurement, testSet } = trained
    first ??= { fit, testSet }
    evaluations.push({
      algorithm: spec.algorithm,
      trained: { fit, measurement },
      figures: figuresOf(measurement, measurement.intervalCoverage),
      also: await measureAlso(task, spec, fit),
      trainSeconds: fit.run.trainSeconds,
    })
  }
  const { fit, testSet } = first!
  return [...evaluations, ...(await evaluateBaselines(task, fit, testSet, createPulse()))]
}

async function fitAndMeasure(task: EvaluationTask, spec: TrainingSpec) {
  const { train, test } = task
  const hooks = task.hooksFor?.(spec) ?? {}
  const pulse = createPulse(hooks.signal, hooks.meter)
  await pulse.step('prepare').beat(0)
  const data = prepareTrainingData(train, test, spec)
  const fit = await fitModel({ ...task, data, spec, hooks }, pulse)
  const { model, counts } = fit
  await pulse.step('cases').beat(0)
  const testSet = testSetOf(model, train, test, task)
  const measured = { model, counts, train, test, lists: task, testSet, seed: spec.seed }
  const measuring = { ...measured, isReported: task.isReported ?? true }
  return { fit, testSet, measurement: await measureModel(measuring, pulse) }
}

async function measureAlso(task: EvaluationTask, spec: TrainingSpec, fit: Fit) {
  const pulse = createPulse(task.hooksFor?.(spec).signal)
  const also: Partial<Record<AlsoName, readonly AlsoRow[]>> = {}
  for (const name of new Set(task.also))
    also[name] = await alsoMeasures[name]({ ...task, spec, fit }, pulse)
  return also
}

/** Simple predictors in the indices of a fitted model, on the same rows and for the same users. */
async function evaluateBaselines(
  task: EvaluationTask,
  { model, baseline, baselineSeconds }: Fit,
  testSet: TestSet,
  pulse: StepPulse,
): Promise<Evaluation[]> {
  const evaluations: Evaluation[] = []
  for (const [algorithm, predictor, trainSeconds] of [
    ['global-mean', globalMean(task.train, model.movies.size), 0],
    ['bias-only', biasOnly(baseline, model.ratingScale), baselineSeconds],
    ['popularity', popularity(model, task.train), 0],
  ] as const) {
    const figures = figuresOf(await measurePredictor(predictor, testSet, pulse))
    evaluations.push({ algorithm, figures, trainSeconds })
  }
  return evaluations
}
