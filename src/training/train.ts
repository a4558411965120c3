import type { EpochReport, ErrorMetrics } from '../model/card.ts'
import type { Baseline, Model } from '../model/model.ts'
import type { Ratings } from '../model/ratings.ts'
import { createScorer } from '../model/scorer.ts'
import type { TrainingSpec } from '../model/training-spec.ts'
import { fitBaseline } from './baseline.ts'
import { type BackendPreference, chooseEngine } from './engine.ts'
import { measureErrors } from './error-metrics.ts'
import { createPulse, type Pulse } from './pulse.ts'
import { ratingScale, resolveRatingRange } from './rating-range.ts'
import { runEpochs } from './run-epochs.ts'
import { type EvaluationRows, prepareTrainingData, type TrainingData } from './training-data.ts'
import type { Weights } from './trainer.ts'

export type TrainingHooks = {
  readonly signal?: AbortSignal
  onEpoch?(report: EpochReport): void | Promise<void>
  /** The share done, 0 … 1; some twenty times a second. */
  onProgress?(share: number): void
}

export type TrainingTask = {
  readonly ratings: Ratings
  /** Held-out rows of the caller's own, instead of the random split. */
  readonly test?: Ratings
  readonly spec: TrainingSpec
  readonly backend: BackendPreference
  readonly hooks?: TrainingHooks
}

export type TrainingResult = {
  readonly model: Model
  readonly engine: string
  readonly backend: string
  readonly device: string
  /** Of the epochs, without validation. */
  readonly trainSeconds: number
  readonly epochs: EpochReport[]
  /** On the held-out rows; null where there are none. */
  readonly metrics: ErrorMetrics | null
  /** Simple predictors on the same rows, and the seconds that they took to fit. */
  readonly baselines: { 'global-mean': ErrorMetrics; 'bias-only': ErrorMetrics } | null
  readonly baselineSeconds: number
  /** The rows that weights were fitted to, without those set apart for early stopping. */
  readonly trainRows: number
  readonly validRows: number
}

/**
 * Ratings to a model. Every reported error is measured through the scorer that serves it. Errors:
 * `no-ratings`, `no-engine`, `diverged`, and `cancelled` soon after the signal is aborted.
 */
export async function trainModel(task: TrainingTask): Promise<TrainingResult> {
  const { spec, hooks = {} } = task
  const pulse = createPulse(hooks.signal, hooks.onProgress?.bind(hooks))
  await pulse.beat(0)
  const data = prepareTrainingData(task.ratings, task.test, spec)
  const engine = await chooseEngine(spec, task.backend)
  const { train, heldOut } = data
  const baselineStart = performance.now()
  const baseline = await fitBaseline(train, pulse)
  const baselineSeconds = (performance.now() - baselineStart) / 1_000

  const scale = ratingScale(train)
  const ratingRange = resolveRatingRange(spec.ratingRange, scale)
  const modelOf = createAssembly(data, baseline, scale, ratingRange)
  const trainer = engine.createTrainer({ spec, rows: train, ratingRange })
}
