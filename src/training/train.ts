import type { SideInformation } from '../model/attributes.ts'
import type { EpochReport, ErrorMetrics, IntervalCoverage, RankingSummary } from '../model/card.ts'
import type { Model } from '../model/model.ts'
import type { Ratings } from '../model/ratings.ts'
import type { ModelReport } from '../model/report.ts'
import { createScorer } from '../model/scorer.ts'
import type { RatedSpec, TrainingSpec } from '../model/training-spec.ts'
import { baselinePredictor, fitBaseline } from './baseline.ts'
import type { Checkpoints } from './checkpoint.ts'
import { type BackendPreference, chooseEngine } from './engine.ts'
import { measureErrors } from './error-metrics.ts'
import { findRate } from './find-rate.ts'
import { intervalsOf } from './intervals.ts'
import { createPulse, type Pulse, partOf } from './pulse.ts'
import { rankHeldOut } from './rank-held-out.ts'
import { ratingScale, resolveRatingRange } from './rating-range.ts'
import { reportOf } from './report.ts'
import { resolveRate } from './resolve-rate.ts'
import { type EpochsResult, runEpochs } from './run-epochs.ts'
import type { Trainer, Weights } from './trainer.ts'
import { type EvaluationRows, prepareTrainingData, type TrainingData } from './training-data.ts'

export type TrainingHooks = {
  readonly signal?: AbortSignal
  onEpoch?(report: EpochReport): void | Promise<void>
  /** The share done, 0 … 1; some twenty times a second. */
  onProgress?(share: number): void
  readonly checkpoints?: Checkpoints
}

export type TrainingTask = {
  readonly ratings: Ratings
  /** Held-out rows of the caller's own, instead of the random split. */
  readonly test?: Ratings
  /** For the algorithms that use it; ids without ratings may be among them. */
  readonly attributes?: SideInformation
  readonly spec: TrainingSpec
  readonly backend: BackendPreference
  readonly hooks?: TrainingHooks
}

export type TrainingResult = {
  readonly model: Model
  /** What was asked for, with the learning rate that was found where it was "auto". */
  readonly spec: RatedSpec
  readonly engine: string
  readonly backend: string
  readonly device: string
  /** Of the epochs, without validation. */
  readonly trainSeconds: number
  /** Of the ranking; null without one. */
  readonly rankingSeconds: number | null
  readonly epochs: EpochReport[]
  /** On the held-out rows; null where there are none. */
  readonly metrics: ErrorMetrics | null
  /** Of its lists, on the same rows; null without a ranking too. */
  readonly rankingMetrics: RankingSummary | null
  /** Simple predictors on the same rows, and the seconds that they took to fit. */
  readonly baselines: { 'global-mean': ErrorMetrics; 'bias-only': ErrorMetrics } | null
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
  const engine = await chooseEngine(asked, task.backend)
  const baselineStart = performance.now()
  const baseline = await fitBaseline(data.train, partOf(pulse, 0, 0))
  const baselineSeconds = (performance.now() - baselineStart) / 1_000

  const { users, movies } = data.train
  const scale = ratingScale(data.train)
  const ratingRange = resolveRatingRange(asked.ratingRange, scale)
  const rest = { users, movies, ratingRange, ratingScale: scale, baseline, rated: data.rated }
  const modelOf = (weights: Weights): Model => ({
    ...weights,
    ...rest,
    ranking: null,
    intervals: null,
  })
  const { attributes } = task
  const of = { spec: asked, rows: data.train, ratingRange, ...(attributes && { attributes }) }
  const beforeEpochs = { pulse: partOf(pulse, 0, 0) }
  const spec = await resolveRate(asked, async () => findRate(engine, of, beforeEpochs))
  const trainer = engine.createTrainer({ ...of, spec })
  const epochsPulse = partOf(pulse, 0, spec.ranking ? shareOfEpochs : 1)
  const fitted = await fit({ spec, hooks }, trainer, data, modelOf, epochsPulse)
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
    trainSeconds: fitted.epochs.reduce((sum, epoch) => sum + epoch.seconds, 0),
    rankingSeconds,
    epochs: fitted.epochs,
    metrics: heldOut && (await errorsOf(model, heldOut, done)),
    rankingMetrics: heldOut && (await rankHeldOut(model, data.train, heldOut, spec.seed, done)),
    baselines: heldOut && (await baselineErrors(model, heldOut, done)),
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
  const { fitRanking } = await import('./simd/fit-ranking.ts')
  const start = performance.now()
  const ranking = await fitRanking({ rows, spec, seed, scale }, partOf(pulse, shareOfEpochs, 1))
  return { ranking, rankingSeconds: (performance.now() - start) / 1_000 }
}

/** Runs the epochs and disposes the trainer. */
async function fit(
  { spec, hooks }: { spec: RatedSpec; hooks: TrainingHooks },
  trainer: Trainer,
  { train, heldOut, inner }: TrainingData,
  modelOf: (weights: Weights) => Model,
  pulse: Pulse,
): Promise<EpochsResult> {
  const mseOn = async (weights: Weights, rows: EvaluationRows, part: Pulse) =>
    (await errorsOf(modelOf(weights), rows, part)).mse
  try {
    return await runEpochs({
      spec,
      trainer,
      trainRows: train.rating.length,
      pulse,
      validate: async (weights, part) => heldOut && mseOn(weights, heldOut, part),
      innerError: (weights, part) => mseOn(weights, inner!, part),
      onEpoch: hooks.onEpoch?.bind(hooks),
      checkpoints: hooks.checkpoints,
    })
  } finally {
    trainer.dispose()
  }
}

function errorsOf(model: Model, rows: EvaluationRows, pulse: Pulse): Promise<ErrorMetrics> {
  return measureErrors(createScorer(model).predict, rows, pulse)
}

async function baselineErrors(
  { baseline, ratingScale }: Model,
  rows: EvaluationRows,
  pulse: Pulse,
): Promise<NonNullable<TrainingResult['baselines']>> {
  return {
    'global-mean': await measureErrors(() => baseline.mean, rows, pulse),
    'bias-only': await measureErrors(baselinePredictor(baseline, ratingScale), rows, pulse),
  }
}
