import type { Compression, ModelCard, Sampling } from '../model/card.ts'
import type { SideInformation } from '../model/data/attributes.ts'
import type { EpochReport } from '../model/epoch-report.ts'
import type { Baseline, Model } from '../model/model.ts'
import type { ResolvedSpec, TrainingSpec } from '../model/spec/training-spec.ts'
import type { BackendPreference } from './engines/engine.ts'
import type { Checkpoints } from './fit/checkpoint.ts'
import type { TrainingCounts } from './intervals/fit-intervals.ts'
import type { TrainingData } from './splitting/training-data.ts'
import type { Engine } from './trainer.ts'
import type { WarmStart } from './warm-start/begin.ts'
import type { StartModel } from './warm-start/pair-uses.ts'

export type FitHooks = {
  onEpoch?(report: EpochReport): void | Promise<void>
  /** Why the fit begins anew on the next engine: its epochs come again. */
  onSetback?(reason: string): void
  /** Told what it trains on. */
  onEngine?(engine: Pick<Engine, 'name' | 'device'>): void
  readonly checkpoints?: Checkpoints
}

export type FitTask = {
  /** Its held-out rows validate epochs and calibrate intervals; without them there are none. */
  readonly data: TrainingData
  /** For the algorithms that use it, today `bayes`; ids without ratings may be among them. */
  readonly attributes?: SideInformation
  readonly spec: TrainingSpec
  readonly backend: BackendPreference
  readonly hooks?: FitHooks
  /** A fit of some of the rows: its epochs are run, and its ranking is where this one begins. */
  readonly first?: Fit
  /** Vectors to start from, and what fitted them; without, the fit starts cold. */
  readonly warm?: Pick<WarmStart, 'spec' | 'vectors'> | undefined
  /** Whether a later training may start from it; without, the fit has no `start`. */
  readonly keepsStart?: boolean
  /** What of the learnt is kept, see `chooseLearntShare`, where that is known; null for all. */
  readonly learntShare?: number | null
}

/** Facts of a fit that the model's card tells, under the card's names. */
export type FitRun = Pick<
  ModelCard,
  'engine' | 'backend' | 'device' | 'setbacks' | 'trainSeconds' | 'rankingSeconds' | 'epochs'
> & {
  /** The spec asked for, with what was found or follows from the data where it was "auto". */
  readonly spec: ResolvedSpec
  readonly compression: Compression | null
  readonly sampling: Sampling | null
  /** What predictions keep of what was learnt beside the damped biases; null for all. */
  readonly learntShare: number | null
}

/** A model fitted to training rows, and what is known of the run. */
export type Fit = {
  readonly model: Model
  /** What a later training may start from; null where that was not asked for. */
  readonly start: StartModel | null
  /** How many users and movies had vectors to start from; null of a cold fit. */
  readonly matched: { readonly users: number; readonly movies: number } | null
  readonly run: FitRun
  /** The damped biases, which the model itself has only where its algorithm has no better. */
  readonly baseline: Baseline
  readonly baselineSeconds: number
  readonly counts: TrainingCounts
  /** The rows that weights were fitted to, without those set apart for early stopping. */
  readonly trainRows: number
  readonly stepsPerEpoch: number
  /** How many epochs the weights have seen: with early stopping, the best one's number. */
  readonly keptEpochs: number
}
