import type { Sampling } from '../model/card.ts'
import type { SideInformation } from '../model/data/attributes.ts'
import type { Ratings } from '../model/data/ratings.ts'
import type { Phase } from '../model/epoch-report.ts'
import type { Baseline, Model } from '../model/model.ts'
import type { SettledSpec } from '../model/spec/training-spec.ts'
import type { Rates } from './learning-rate/schedule.ts'
import type { Pulse } from './pulse.ts'
import type { EvaluationRows } from './splitting/training-data.ts'

/** The learned numbers of a model, copied out of the engine. */
export type Weights = Pick<
  Model,
  'userFactors' | 'movieFactors' | 'userBias' | 'movieBias' | 'layers'
> & {
  /** The trainer's own biases for pairs with an unknown side, instead of the damped ones. */
  readonly cold?: Baseline
}

/**
 * Biases, in units of z (see `scorer.ts`), that stand beside the weights of a stepped training: its
 * trainer learns what is to be added to them, and decays that to 0.
 */
export type Start = {
  /** [users] */
  readonly userBias: Float32Array
  /** [movies] */
  readonly movieBias: Float32Array
  /** Of a dot product: what the first factor of every user and movie has besides what is drawn. */
  readonly firstFactor: number
}

/** Weights to begin with, and which of their rows the users and movies of a training are. */
export type WarmRows = {
  readonly weights: Weights
  /** [users] and [movies] of the training: rows of the weights, −1 for new ones. */
  readonly users: Int32Array
  readonly movies: Int32Array
}

/** The task of a trainer: its vocabularies give the sizes, its rows are all that it sees. */
export type TrainerTask = {
  readonly spec: SettledSpec
  readonly rows: Ratings
  readonly ratingRange: readonly [number, number] | null
  /** Rows to report the error of, see `watchedMse`; nothing may be learnt from them. */
  readonly watched?: EvaluationRows
  /** The damped biases of the rows. */
  readonly baseline?: Baseline
  /** What a stepped training starts from and adds to; without it, it starts near 0. */
  readonly start?: Start | null
  /** Vectors to begin with, instead of what would be drawn. */
  readonly warm?: WarmRows | null
  /** An algorithm that does not use it does not look at it. */
  readonly attributes?: SideInformation
}

/** What epochs of `bayes` are of; those of "turning" also turn the average's bases. */
export type EpochStep = 'burn-in' | 'sampling' | 'turning'

export type EpochPlan = {
  /** From 0. */
  readonly epoch: number
  /** The rates of a step of this epoch, from 0. */
  ratesAt(step: number): Rates
  /** To be asked between steps, see there. */
  readonly pulse: Pulse
  /**
   * Where it is there, it is told the mean squared error of each step's rows, as the weights were
   * before the step; false ends the epoch. It makes an epoch slower.
   */
  onStep?(mse: number): boolean
}

/** Fits weights to rows, one pass after the other. Whoever creates it disposes it. */
export type Trainer = {
  readonly stepsPerEpoch: number
  /** One pass; `mse` is the mean over its rows while weights moved, NaN or ∞ once it diverged. */
  trainEpoch(plan: EpochPlan): Promise<{ mse: number; phase?: Phase }>
  /** The weights as they stand, copied out of the engine. */
  weights(): Promise<Weights>
  /**
   * The mean squared error so far on the rows watched; only of a trainer whose weights are dear to
   * read, and then read at the end alone.
   */
  watchedMse?(): number
  /** The epochs in all, as far as is known, of a trainer that decides itself. */
  plannedEpochs?(): number
  /** Of a trainer whose epochs differ in what they take. */
  readonly steps?: {
    /** The step that the next epoch is of. */
    next(): EpochStep
    /** How many epochs of a step are to come after so many of any, as far as is known. */
    left(step: EpochStep, done: number): number
  }
  /** How its sampling went, of a trainer that samples. */
  sampling?(): Sampling
  /** Between epochs, all that the next ones depend on; a trainer without it starts anew. */
  readonly state?: {
    /** Tells states that are laid out otherwise, by another engine, apart. */
    readonly layout: string
    save(): Uint8Array | Promise<Uint8Array>
    /** Takes a state that was saved by a trainer of the same task and layout. */
    restore(bytes: Uint8Array): void
  }
  dispose(): void
}

/** A way to train on this machine. `backend` and `device` say on what. */
export type Engine = {
  readonly name: string
  readonly backend: string
  readonly device: string
  createTrainer(task: TrainerTask): Trainer
}
