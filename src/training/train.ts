import type {
  Compression,
  EpochReport,
  ErrorMetrics,
  IntervalCoverage,
  RankingSummary,
} from '../model/card.ts'
import type { SideInformation } from '../model/data/attributes.ts'
import type { Ratings } from '../model/data/ratings.ts'
import type { Baseline, Model } from '../model/model.ts'
import type { ModelReport } from '../model/report.ts'
import { createScorer } from '../model/scorer.ts'
import type { ResolvedSpec, TrainingSpec } from '../model/spec/training-spec.ts'
import { type BackendPreference, onEngine } from './engines/engine.ts'
import { measureErrors } from './evaluation/error-metrics.ts'
import { rankHeldOut } from './evaluation/rank-held-out.ts'
import { baselinePredictor, fitBaseline } from './fit/baseline.ts'
import type { Checkpoints } from './fit/checkpoint.ts'
import { ratingScale, resolveRatingRange } from './fit/rating-range.ts'
import { type EpochsResult, runEpochs } from './fit/run-epochs.ts'
import { intervalsOf } from './intervals/fit-intervals.ts'
import { findLearningRate } from './learning-rate/find-learning-rate.ts'
import { resolveLearningRate } from './learning-rate/resolve-learning-rate.ts'
import { createPulse, type Pulse, partOf } from './pulse.ts'
import { reportOf } from './report/report.ts'
import {
  type EvaluationRows,
  prepareTrainingData,
  type TrainingData,
} from './splitting/training-data.ts'
import type { Engine, Trainer, Weights } from './trainer.ts'

export type TrainingHooks = {
  readonly signal?: AbortSignal
  onEpoch?(report: EpochReport): void | Promise<void>
  /** The share done, 0 … 1; some twenty times a second. */
  onProgress?(share: number): void
  /** Why the training begins anew on the next engine: its epochs come again. */
  onSetback?(reason: string): void
  readonly checkpoints?: Checkpoints
}

export type TrainingTask = {
  readonly ratings: Ratings
  /** Held-out rows of the caller's own, instead of the random split. */
  readonly test?: Ratings
  /** For the algorithms that use it, today `bayes`; ids without ratings may be among them. */
  readonly attributes?: SideInformation
  readonly spec: TrainingSpec
  readonly backend: BackendPreference
  readonly hooks?: TrainingHooks
}

export type TrainingResult = {
  readonly model: Model
  /** What was asked for, with the learning rate that was found where it was "auto". */
  readonly spec: ResolvedSpec
  readonly engine: string
  readonly backend: string
  readonly device: string
  /** Why engines that come first did not end it; mostly none. */
  readonly setbacks: readonly string[]
  /** Of the epochs, without validation. */
  readonly trainSeconds: number
  /** Of the ranking; null without one. */
  readonly rankingSeconds: number | null
  readonly epochs: EpochReport[]
  /** On the held-out rows; null where there are none. */
  readonly metrics: ErrorMetrics | null
  /** Of its lists, on the same rows; null without a ranking too. */
  readonly rankingMetrics: RankingSummary | null
  /** The damped biases, which the model itself has only where its algorithm has no better. */
  readonly baseline: Baseline
  /** Simple predictors on the same rows, and the seconds that they took to fit. */
  readonly baselines: { 'global-mean': ErrorMetrics; 'bias-only': ErrorMetrics } | null
  /** What the saved vectors lose against the average of all sweeps; only of `bayes`. */
  readonly compression: Compression | null
  readonly baselineSeconds: number
  /** How often the model's intervals hold; null where there are no held-out rows. */
  readonly intervals: IntervalCoverage | null
  /** The rows that weights were fitted to, without those set apart for early stopping. */
  readonly trainRows: number
  readonly validRows: number
  readonly report: ModelReport
}

/**
 * Ratings to a model. Every reported error is measured through the scorer that serves it. Errors:
 * `no-ratings`, `no-engine`, `diverged`, and `cancelled` soon after the signal is aborted.
 */
export async function trainModel(task: TrainingTask): Promise<TrainingResult> {
  const { spec: asked, hooks = {} } = task
  const pulse = createPulse(hooks.signal, hooks.onProgress?.bind(hooks))
  await pulse.beat(0)
  const data = prepareTrainingData(task.ratings, task.test, asked)
  const baselineStart = performance.now()
  const baseline = await fitBaseline(data.train, partOf(pulse, 0, 0))
  const baselineSeconds = (performance.now() - baselineStart) / 1_000

  const { users, movies } = data.train
  const scale = ratingScale(data.train)
  const ratingRange =
    asked.algorithm === 'bayes' ? null : resolveRatingRange(asked.ratingRange, scale)
  const { rated, recent } = data
  const rest = { users, movies, ratingRange, ratingScale: scale, rated, recent }
  const modelOf = ({ cold = baseline, ...weights }: Weights): Model => ({
    ...weights,
    ...rest,
    baseline: cold,
    ranking: null,
    intervals: null,
  })
  const { attributes } = task
  const of = { rows: data.train, ratingRange, baseline, ...(attributes && { attributes }) }
  const beforeEpochs = { pulse: partOf(pulse, 0, 0) }
  const epochsPulse = partOf(pulse, 0, asked.ranking ? shareOfEpochs : 1)
  const watched = data.heldOut ?? someOf(data.train)
  const train = async (engine: Engine) => {
    const spec = await resolveLearningRate(asked, async (rateless) =>
      findLearningRate(engine, { ...of, spec: rateless }, beforeEpochs),
    )
    const trainer = engine.createTrainer({ ...of, spec, watched })
    const parts = { ...data, watched }
    return {
      engine,
      spec,
      fitted: await fit({ spec, hooks }, trainer, parts, modelOf, epochsPulse),
    }
  }
  const setbacks: string[] = []
  const { engine, spec, fitted } = await onEngine(asked, task.backend, train, (reason) => {
    setbacks.push(reason)
    hooks.onSetback?.(reason)
  })
  const { ranking, rankingSeconds } = await rank(spec, data.train, scale, pulse)
  const done = partOf(pulse, 1, 1)
  await done.beat(1)
  const bare = { ...modelOf(fitted.weights), ranking }
  const { heldOut } = data
  const measured = heldOut && (await intervalsOf(bare, data.train, heldOut, spec.seed, done))
  const model = { ...bare, intervals: measured?.intervals ?? null }
  return {
    model,
    spec,
    engine: engine.name,
    backend: engine.backend,
    device: engine.device,
    setbacks,
    trainSeconds: fitted.epochs.reduce((sum, epoch) => sum + epoch.seconds, 0),
    rankingSeconds,
    epochs: fitted.epochs,
    metrics: heldOut && (await errorsOf(model, heldOut, done)),
    rankingMetrics: heldOut && (await rankHeldOut(model, data.train, heldOut, spec.seed, done)),
    baseline,
    baselines: heldOut && (await baselineErrors({ baseline, ratingScale: scale }, heldOut, done)),
    compression: fitted.compression,
    baselineSeconds,
    intervals: measured?.coverage ?? null,
    trainRows: data.train.rating.length,
    validRows: heldOut?.rating.length ?? 0,
    report: await reportOf({ ...fitted, spec, model, data, pulse: done }),
  }
}

/** Of a training's progress, the part that is the epochs' where a ranking follows. */
const shareOfEpochs = 0.7

/** Fits the ranking, where one is wanted. */
async function rank(
  { ranking: spec, seed }: TrainingSpec,
  rows: Ratings,
  scale: readonly [number, number],
  pulse: Pulse,
): Promise<{ ranking: Model['ranking']; rankingSeconds: number | null }> {
  if (!spec) return { ranking: null, rankingSeconds: null }
  const { fitRanking } = await import('./ranking/fit-ranking.ts')
  const start = performance.now()
  const ranking = await fitRanking({ rows, spec, seed, scale }, partOf(pulse, shareOfEpochs, 1))
  return { ranking, rankingSeconds: (performance.now() - start) / 1_000 }
}

const mostWatched = 200_000

/** Training rows at equal distances, where none are held out. */
function someOf({ userIndex, movieIndex, rating }: Ratings): EvaluationRows {
  const stride = Math.ceil(rating.length / mostWatched)
  const isTaken = (_: number, row: number) => row % stride === 0
  return {
    userIndex: Int32Array.from(userIndex.filter(isTaken)),
    movieIndex: Int32Array.from(movieIndex.filter(isTaken)),
    rating: rating.filter(isTaken),
  }
}

/** Runs the epochs and disposes the trainer. */
async function fit(
  { spec, hooks }: { spec: ResolvedSpec; hooks: TrainingHooks },
  trainer: Trainer,
  { train, heldOut, inner, watched }: TrainingData & { readonly watched: EvaluationRows },
  modelOf: (weights: Weights) => Model,
  pulse: Pulse,
): Promise<EpochsResult & Pick<TrainingResult, 'compression'>> {
  const mseOn = async (weights: Weights, rows: EvaluationRows, part: Pulse) =>
    (await errorsOf(modelOf(weights), rows, part)).mse
  try {
    const fitted = await runEpochs({
      spec,
      trainer,
      trainRows: train.rating.length,
      pulse,
      validate: async (weights, part) =>
        heldOut && (trainer.watchedMse?.() ?? (await mseOn(weights, heldOut, part))),
      innerError: (weights, part) => mseOn(weights, inner!, part),
      onEpoch: hooks.onEpoch?.bind(hooks),
      checkpoints: hooks.checkpoints,
    })
    if (!trainer.watchedMse) return { ...fitted, compression: null }
    const compression = {
      rows: heldOut ? ('held-out' as const) : ('training' as const),
      averagedRmse: Math.sqrt(trainer.watchedMse()),
      savedRmse: Math.sqrt(await mseOn(fitted.weights, watched, partOf(pulse, 1, 1))),
    }
    return { ...fitted, compression }
  } finally {
    trainer.dispose()
  }
}

function errorsOf(model: Model, rows: EvaluationRows, pulse: Pulse): Promise<ErrorMetrics> {
  return measureErrors(createScorer(model).predict, rows, pulse)
}

async function baselineErrors(
  { baseline, ratingScale }: Pick<Model, 'baseline' | 'ratingScale'>,
  rows: EvaluationRows,
  pulse: Pulse,
): Promise<NonNullable<TrainingResult['baselines']>> {
  return {
    'global-mean': await measureErrors(() => baseline.mean, rows, pulse),
    'bias-only': await measureErrors(baselinePredictor(baseline, ratingScale), rows, pulse),
  }
}
