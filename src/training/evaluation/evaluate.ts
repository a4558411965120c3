import { MarqueeError } from '../../errors.ts'
import type { IntervalCoverage } from '../../model/card.ts'
import type { SideInformation } from '../../model/data/attributes.ts'
import type { Ratings } from '../../model/data/ratings.ts'
import type { ListOrder } from '../../model/ranker.ts'
import type { TrainingSpec } from '../../model/spec/training-spec.ts'
import type { BackendPreference } from '../engines/engine.ts'
import { createPulse, type Pulse } from '../pulse.ts'
import { knownTo } from '../splitting/training-data.ts'
import { type TrainingHooks, type TrainingResult, trainModel } from '../train.ts'
import { measureErrors } from './error-metrics.ts'
import { errorsByWarmth } from './errors-by-warmth.ts'
import { type Figures, figuresOf, listLength } from './figures.ts'
import { measureRanking } from './measure-ranking.ts'
import {
  biasOnly,
  globalMean,
  modelPredictor,
  type Predictor,
  popularity,
  ratedShare,
} from './predictors.ts'
import { type CandidateRule, rankingCases } from './ranking-cases.ts'

/** Rows to train on and rows to measure on; no pair of a user and a movie stands in both. */
export type TestSplit = { readonly train: Ratings; readonly test: Ratings }

export type EvaluationTask = TestSplit & {
  /** What is known of users and movies besides their ratings. */
  readonly attributes?: SideInformation
  /** One training each; at least one. */
  readonly specs: readonly TrainingSpec[]
  readonly candidates: CandidateRule
  /** What the lists of trained models are ordered by. */
  readonly orderBy: ListOrder
  readonly backend: BackendPreference
  hooksFor?(spec: TrainingSpec): TrainingHooks
}

/** One predictor on one split. */
export type Evaluation = {
  readonly algorithm: string
  /** Of a training; the baselines have none. */
  readonly trained?: TrainingResult
  readonly figures: Figures
  readonly trainSeconds: number
}

/**
 * Trains what is asked for on one side of a split and measures it on the other, then the baselines
 * (global mean, damped biases, popularity) on the same rows. Errors as of `trainModel`.
 */
export async function evaluateSplit(task: EvaluationTask): Promise<Evaluation[]> {
  const { train, test, specs, backend, attributes } = task
  if (test.rating.length === 0)
    throw new MarqueeError('no-ratings', 'There are no ratings to measure on.')
  const pulse = createPulse()
  const evaluations: Evaluation[] = []
  for (const spec of specs) {
    const trained = await trainModel({
      ratings: train,
      test,
      ...(attributes && { attributes }),
      spec,
      backend,
      hooks: task.hooksFor?.(spec) ?? {},
    })
    const measure = createMeasure(task, trained, pulse)
    evaluations.push({
      algorithm: spec.algorithm,
      trained,
      figures: await measure(modelPredictor(trained.model, task.orderBy), trained.intervals),
      trainSeconds: trained.trainSeconds,
    })
  }
  return [...evaluations, ...(await evaluateBaselines(task, evaluations[0]!.trained!, pulse))]
}

async function evaluateBaselines(
  task: EvaluationTask,
  trained: TrainingResult,
  pulse: Pulse,
): Promise<Evaluation[]> {
  const { baselineSeconds } = trained
  const model = { ...trained.model, baseline: trained.baseline }
  const measure = createMeasure(task, trained, pulse)
  return [
    { algorithm: 'global-mean', figures: await measure(globalMean(model)), trainSeconds: 0 },
    {
      algorithm: 'bias-only',
      figures: await measure(biasOnly(model)),
      trainSeconds: baselineSeconds,
    },
    {
      algorithm: 'popularity',
      figures: await measure(popularity(model, task.train)),
      trainSeconds: 0,
    },
  ]
}

/** Measures predictors that speak in the indices of a trained model. */
function createMeasure(
  { train, test, candidates }: EvaluationTask,
  { model }: TrainingResult,
  pulse: Pulse,
) {
  const rows = knownTo(model, test)
  const cases = rankingCases(model, train, test, candidates)
  const share = ratedShare(model, train)
  return async (
    { predict, scoreAll }: Predictor,
    intervals: IntervalCoverage | null = null,
  ): Promise<Figures> =>
    figuresOf(
      rows.rating.length,
      predict && (await measureErrors(predict, rows, pulse)),
      await measureRanking(cases, scoreAll, share, listLength, pulse),
      await errorsByWarmth(predict ?? (() => 0), rows, pulse),
      intervals,
    )
}
