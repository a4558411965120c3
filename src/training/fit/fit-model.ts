import type { Compression, EpochReport, ModelCard } from '../../model/card.ts'
import type { SideInformation } from '../../model/data/attributes.ts'
import type { RatingScale, Ratings } from '../../model/data/ratings.ts'
import type { Baseline, Model } from '../../model/model.ts'
import type { ResolvedSpec, TrainingSpec } from '../../model/spec/training-spec.ts'
import { countsOf } from '../../numeric/counting.ts'
import { type BackendPreference, onEngine } from '../engines/engine.ts'
import { modelErrors } from '../evaluation/error-metrics.ts'
import { fitIntervals, type TrainingCounts } from '../intervals/fit-intervals.ts'
import { resolveLearningRate } from '../learning-rate/find-learning-rate.ts'
import { type Pulse, partOf } from '../pulse.ts'
import { type EvaluationRows, knownTo, type TrainingData } from '../splitting/training-data.ts'
import type { Engine, Trainer, Weights } from '../trainer.ts'
import { fitBaseline } from './baseline.ts'
import type { Checkpoints } from './checkpoint.ts'
import { ratingScale, resolveRatingRange } from './rating-range.ts'
import { type EpochsResult, runEpochs } from './run-epochs.ts'

export type FitHooks = {
  onEpoch?(report: EpochReport): void | Promise<void>
  /** Why the fit begins anew on the next engine: its epochs come again. */
  onSetback?(reason: string): void
  readonly checkpoints?: Checkpoints
}

export type FitTask = {
  /**
   * Its held-out rows validate the epochs and calibrate the intervals; without them there are none.
   */
  readonly data: TrainingData
  /** For the algorithms that use it, today `bayes`; ids without ratings may be among them. */
  readonly attributes?: SideInformation
  readonly spec: TrainingSpec
  readonly backend: BackendPreference
  readonly hooks?: FitHooks
}

/** Facts of a fit that the model's card tells, under the card's names. */
export type FitRun = Pick<
  ModelCard,
  'engine' | 'backend' | 'device' | 'setbacks' | 'trainSeconds' | 'rankingSeconds' | 'epochs'
> & {
  /** The spec asked for, with the learning rate that was found where it was "auto". */
  readonly spec: ResolvedSpec
  readonly compression: Compression | null
}

/** A model fitted to training rows, and what is known of the run. */
export type Fit = {
  readonly model: Model
  readonly run: FitRun
  /** The damped biases, which the model itself has only where its algorithm has no better. */
  readonly baseline: Baseline
  readonly baselineSeconds: number
  readonly counts: TrainingCounts
  /** The rows that weights were fitted to, without those set apart for early stopping. */
  readonly trainRows: number
  readonly stepsPerEpoch: number
}

/**
 * Fits a model to training rows: weights, ranking factors and, where rows are held out, intervals.
 * Errors: `no-engine`, `diverged`, and `cancelled` soon after the pulse's signal is aborted.
 */
export async function fitModel(task: FitTask, pulse: Pulse): Promise<Fit> {
  const { data, spec: asked, attributes, hooks = {} } = task
  const { train, rated, recent } = data
  await pulse.beat(0)
  const start = performance.now()
  const baseline = await fitBaseline(train, partOf(pulse, 0, 0))
  const baselineSeconds = (performance.now() - start) / 1_000

  const scale = ratingScale(train)
  const ratingRange =
    asked.algorithm === 'bayes' ? null : resolveRatingRange(asked.ratingRange, scale)
  const { users, movies } = train
  const rest = { users, movies, ratingRange, ratingScale: scale, rated, recent }
  const modelOf = ({ cold = baseline, ...weights }: Weights): Model => ({
    ...{ ...weights, ...rest },
    ...{ baseline: cold, ranking: null, intervals: null },
  })
  const heldOut = data.heldOut && knownTo(train, data.heldOut)
  const watched = heldOut ?? someOf(train)
  const of = { rows: train, ratingRange, baseline, ...(attributes && { attributes }) }
  const setbacks: string[] = []
  const fitOn = async (engine: Engine) => {
    const spec = await resolveLearningRate(engine, { ...of, spec: asked }, partOf(pulse, 0, 0))
    const trainer = engine.createTrainer({ ...of, spec, watched })
    const part = partOf(pulse, 0, spec.ranking ? shareOfEpochs : 1)
    const rows = { train, heldOut, inner: data.inner, watched }
    return { engine, spec, ...(await fitWeights({ spec, trainer, rows, modelOf, hooks }, part)) }
  }
  const fitted = await onEngine(asked, task.backend, fitOn, (reason) => {
    setbacks.push(reason)
    hooks.onSetback?.(reason)
  })
  const { engine, spec, epochs, compression, stepsPerEpoch } = fitted
  const { ranking, rankingSeconds } = await rank(spec, train, scale, pulse)
  const done = partOf(pulse, 1, 1)
  await done.beat(1)
  const bare = { ...modelOf(fitted.weights), ranking }
  const counts = {
    userRatings: countsOf(train.userIndex, users.size),
    movieRatings: countsOf(train.movieIndex, movies.size),
  }
  const intervals = heldOut && (await fitIntervals(bare, counts, heldOut, spec.seed, done))
  return {
    model: { ...bare, intervals },
    run: {
      spec,
      engine: engine.name,
      backend: engine.backend,
      device: engine.device,
      ...(setbacks.length > 0 && { setbacks }),
      trainSeconds: epochs.reduce((sum, epoch) => sum + epoch.seconds, 0),
      rankingSeconds,
      epochs,
      compression,
    },
    ...{ baseline, baselineSeconds, counts, stepsPerEpoch },
    trainRows: train.rating.length,
  }
}

/** The epochs' share of the progress, where a ranking follows. */
const shareOfEpochs = 0.7

/** Fits the ranking, where one is wanted. */
async function rank(
  { ranking: spec, seed }: TrainingSpec,
  rows: Ratings,
  scale: RatingScale,
  pulse: Pulse,
): Promise<{ ranking: Model['ranking']; rankingSeconds: number | null }> {
  if (!spec) return { ranking: null, rankingSeconds: null }
  const { fitRanking } = await import('../ranking/fit-ranking.ts')
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

type WeightsTask = {
  readonly spec: ResolvedSpec
  readonly trainer: Trainer
  readonly rows: Pick<TrainingData, 'train' | 'inner'> & {
    readonly heldOut: EvaluationRows | null
    readonly watched: EvaluationRows
  }
  readonly hooks: FitHooks
  modelOf(weights: Weights): Model
}

/** Runs the epochs and disposes the trainer. */
async function fitWeights(
  { spec, trainer, rows, hooks, modelOf }: WeightsTask,
  pulse: Pulse,
): Promise<EpochsResult & Pick<FitRun, 'compression'>> {
  const mseOn = async (weights: Weights, some: EvaluationRows, part: Pulse) =>
    (await modelErrors(modelOf(weights), some, part)).mse
  try {
    const fitted = await runEpochs({
      spec,
      trainer,
      trainRows: rows.train.rating.length,
      pulse,
      validate: async (weights, part) =>
        rows.heldOut && (trainer.watchedMse?.() ?? (await mseOn(weights, rows.heldOut, part))),
      innerError: (weights, part) => mseOn(weights, rows.inner!, part),
      onEpoch: hooks.onEpoch?.bind(hooks),
      checkpoints: hooks.checkpoints,
    })
    if (!trainer.watchedMse) return { ...fitted, compression: null }
    const compression = {
      rows: rows.heldOut ? ('held-out' as const) : ('training' as const),
      averagedRmse: Math.sqrt(trainer.watchedMse()),
      savedRmse: Math.sqrt(await mseOn(fitted.weights, rows.watched, partOf(pulse, 1, 1))),
    }
    return { ...fitted, compression }
  } finally {
    trainer.dispose()
  }
}
