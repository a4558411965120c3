import type { ErrorMetrics, IntervalCoverage } from '../../model/card.ts'
import type { Ratings } from '../../model/data/ratings.ts'
import type { Baseline, Model } from '../../model/model.ts'
import type { ListOrder } from '../../model/ranker.ts'
import { residualsOf, type TrainingCounts } from '../intervals/fit-intervals.ts'
import { crossCoverage } from '../intervals/interval-coverage.ts'
import type { StepPulse } from '../pulse.ts'
import { type ErrorPictures, errorPictures } from '../report/error-pictures.ts'
import { type EvaluationRows, knownTo } from '../splitting/training-data.ts'
import { type ErrorsByWarmth, errorMetrics, errorsByWarmth, predictRows } from './error-metrics.ts'
import { type MeasuredLists, measureRanking, type RankingMetrics } from './measure-ranking.ts'
import { biasOnly, globalMean, modelPredictor, type Predictor, ratedShare } from './predictors.ts'
import { type CandidateRule, likersOf, type RankingCases, rankingCases } from './ranking-cases.ts'

/** Length of the lists that are measured. */
const listLength = 10

/** Which lists are measured, and whose. */
export type ListProtocol = {
  readonly candidates: CandidateRule
  readonly orderBy: ListOrder
  /** Users at most, of those that the model knows; without it all users, unknown ones too. */
  readonly sample?: { readonly mostUsers: number; readonly seed: number }
}

/** Held-out rows, and the users whose lists are measured on them, in the indices of one model. */
export type TestSet = {
  readonly rows: EvaluationRows
  /** `share` [movies] is the share of the training's users that rated each; null for no lists. */
  readonly lists: { readonly cases: RankingCases; readonly share: Float64Array } | null
}

/** The rows of `test` in a model's indices; its lists know of each user the rows of `train`. */
export function testSetOf(
  model: Pick<Model, 'users' | 'movies' | 'likedFrom'>,
  train: Ratings,
  test: Ratings,
  protocol: Pick<ListProtocol, 'candidates' | 'sample'> | null,
): TestSet {
  const likers = protocol && likersOf(model, test, protocol.sample)
  return {
    rows: knownTo(model, test),
    lists: likers && {
      cases: rankingCases(model, train, test, protocol.candidates, likers),
      share: ratedShare(model, train),
    },
  }
}

/** Errors and lists of one predictor on held-out rows. */
export type PredictorMeasurement = {
  readonly rows: number
  /** Null for what predicts no rating. */
  readonly errors: ErrorMetrics | null
  readonly byWarmth: ErrorsByWarmth
  /** Null where lists were not asked for. */
  readonly lists: RankingMetrics | null
}

/** Measures a predictor on a test set, which must have a row. */
export async function measurePredictor(
  { predict, ordering }: Predictor,
  { rows, lists }: TestSet,
  pulse: StepPulse,
): Promise<PredictorMeasurement & { predicted: Float64Array | null; ndcgs: Float64Array }> {
  const predicted = predict && (await predictRows(predict, rows, pulse.step('errors')))
  const listed = lists && (await listsOf(lists, ordering, pulse))
  const { ndcgs = new Float64Array(), ...means } = listed ?? {}
  return {
    rows: rows.rating.length,
    errors: predicted && errorMetrics(predicted, rows.rating),
    byWarmth: errorsByWarmth(predicted ?? new Float64Array(rows.rating.length), rows),
    lists: listed && (means as RankingMetrics),
    ndcgs,
    predicted,
  }
}

function listsOf(
  { cases, share }: NonNullable<TestSet['lists']>,
  ordering: Predictor['ordering'],
  pulse: StepPulse,
): Promise<MeasuredLists> {
  const listing = pulse.step('lists', { count: { unit: 'users', total: cases.user.length } })
  return measureRanking(cases, ordering, share, listLength, listing)
}

export type MeasuringTask = {
  readonly model: Model
  /** Training ratings of the model's users and movies; a saved model has them in its intervals. */
  readonly counts: TrainingCounts
  /** Rows that the lists know of each user. */
  readonly train: Ratings
  /** Rows that the model has not seen; at least one. */
  readonly test: Ratings
  readonly lists: ListProtocol | null
  /** The test set of these rows and lists, where it is there already. */
  readonly testSet?: TestSet
  /** Whether a report may be made, whose pictures are worked out; so unless it says no. */
  readonly isReported?: boolean
  /** Draws the halves that interval coverage is measured on. */
  readonly seed: number
  /** The damped biases of the training rows, to measure simple predictors with on the same rows. */
  readonly baseline?: Baseline
}

/** Quality of a model on held-out rows. */
export type Measurement = PredictorMeasurement & {
  readonly errors: ErrorMetrics
  /** [rows] of every held-out row */
  readonly predicted: Float64Array
  /** [lists] whose lists were measured, in the model's indices, and the NDCG of each; or none */
  readonly listUsers: Int32Array
  readonly ndcgs: Float64Array
  readonly intervalCoverage: IntervalCoverage
  /** Null where no report was to be made. */
  readonly pictures: ErrorPictures | null
  /** Null where no baseline was given. */
  readonly baselines: { 'global-mean': ErrorMetrics; 'bias-only': ErrorMetrics } | null
}

/** Measures a model, wherever it is from, through the scorer and the ranker that serve it. */
export async function measureModel(task: MeasuringTask, pulse: StepPulse): Promise<Measurement> {
  const { model, counts, lists, seed, baseline, isReported = true } = task
  const { ratingScale } = model
  if (!task.testSet) await pulse.step('cases').beat(0)
  const testSet = task.testSet ?? testSetOf(model, task.train, task.test, lists)
  const { rows } = testSet
  const predictor = modelPredictor(model, lists?.orderBy ?? 'rating')
  const { predicted, errors, ...measured } = await measurePredictor(predictor, testSet, pulse)
  const simple = pulse.step('baselines')
  const errorsOf = async ({ predict }: { predict: Parameters<typeof predictRows>[0] }) =>
    errorMetrics(await predictRows(predict, rows, simple), rows.rating)
  return {
    ...measured,
    errors: errors!,
    predicted: predicted!,
    listUsers: testSet.lists?.cases.user ?? new Int32Array(),
    intervalCoverage: crossCoverage(residualsOf(predicted!, rows, counts, seed), ratingScale, seed),
    pictures: isReported ? errorPictures(predicted!, rows, counts, ratingScale) : null,
    baselines: baseline
      ? {
          'global-mean': await errorsOf(globalMean(task.train, model.movies.size)),
          'bias-only': await errorsOf(biasOnly(baseline, ratingScale)),
        }
      : null,
  }
}
