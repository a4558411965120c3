import type { Compression, ModelCard, Sampling } from '../../model/card.ts'
import type { SideInformation } from '../../model/data/attributes.ts'
import type { Ratings } from '../../model/data/ratings.ts'
import type { EpochReport } from '../../model/epoch-report.ts'
import type { Baseline, Model } from '../../model/model.ts'
import type { ResolvedSpec, SettledSpec, TrainingSpec } from '../../model/spec/training-spec.ts'
import { countsOf } from '../../numeric/counting.ts'
import { type BackendPreference, onEngine } from '../engines/engine.ts'
import { fitIntervals, type TrainingCounts } from '../intervals/fit-intervals.ts'
import type { StepPulse } from '../pulse.ts'
import { knownTo, prepareTrainingData, type TrainingData } from '../splitting/training-data.ts'
import type { Engine } from '../trainer.ts'
import type { WarmStart } from '../warm-start/begin.ts'
import { recordUses, type StartModel } from '../warm-start/pair-uses.ts'
import { warmRowsOf } from '../warm-start/warm-rows.ts'
import { asFoundBefore } from '../warm-start/warm-spec.ts'
import { fitBaseline } from './baseline.ts'
import type { Checkpoints } from './checkpoint.ts'
import { fitWantedRanking, shareGoingOn } from './fit-wanted-ranking.ts'
import { fitWeights, type Weightless, withWeights } from './fit-weights.ts'
import { chooseLearntShare, innerSpec, keepShare } from './learnt-share.ts'
import { resolveRatingRange } from './rating-range.ts'
import {
  baselineInRatings,
  modelInRatings,
  type RatingUnit,
  standardise,
  weightsInUnits,
} from './rating-unit.ts'
import { settleSpec } from './settle-spec.ts'
import { dampedBiases, startFor } from './start.ts'

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
  /** What a later training may start from. */
  readonly start: StartModel
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

/**
 * Fits a model to training rows: weights, ranking factors and, where rows are held out, intervals.
 * Errors: `no-engine`, `diverged`, and `cancelled` soon after the pulse's signal is aborted.
 */
export async function fitModel(task: FitTask, pulse: StepPulse): Promise<Fit> {
  const { backend, hooks = {}, warm: from } = task
  const likedFrom = task.spec.ranking?.likedFrom ?? 'auto'
  const given = likedFrom === 'auto' ? task.data : { ...task.data, likedFrom }
  const wantedSpec = from ? asFoundBefore(task.spec, from.spec) : task.spec
  const { ranking: wanted } = wantedSpec
  const asked = {
    ...settleSpec(wantedSpec, given.train),
    ranking: wanted && { ...wanted, likedFrom: given.likedFrom },
  } satisfies SettledSpec
  const { unit, data } = standardise(given, asked)
  const { train } = data
  await pulse.beat(0)
  const begin = performance.now()
  const baseline = await fitBaseline(train, pulse.step('biases'))
  const baselineSeconds = secondsSince(begin)
  const heldOut = data.heldOut && knownTo(train, data.heldOut)
  const base = weightless(data, asked, baseline, unit)

  const setbacks: string[] = []
  const start = startFor(asked, baseline, base.ratingRange, train)
  const warm = from ? warmRowsOf(weightsInUnits(from.vectors, unit), from.vectors, train) : null
  const unitTask = { ...task, data, spec: asked, start, warm }
  const fitOn = (engine: Engine) => fitWeights(engine, unitTask, base, heldOut, unit, pulse)
  const fitted = await onEngine(asked, backend, fitOn, (reason) => {
    setbacks.push(reason)
    pulse.again()
    hooks.onSetback?.(reason)
  })
  const { weights, stepsPerEpoch, keptEpochs, ...run } = fitted
  const learntShare = await shareOf(task, pulse)
  const before = task.first?.model ?? from?.vectors
  const share = task.first ? 1 : shareGoingOn
  const ranked = await fitWantedRanking(run.spec, data, before, pulse, share)
  const { ranking, rankingSpec, rankingSeconds } = ranked
  await pulse.step('intervals').beat(0)
  const learnt = { ...withWeights(base, weights, start), ranking }
  // Where nothing is kept the biases are left as they are, which a sigmoid would nearly be.
  const ratingRange = learntShare === 0 ? null : base.ratingRange
  const biases = dampedBiases(baseline, ratingRange, train)
  const kept =
    learntShare === null ? learnt : keepShare({ ...learnt, ratingRange }, biases, learntShare)
  const model = modelInRatings(kept, unit, given)
  const vectors = kept === learnt ? model : modelInRatings(learnt, unit, given)
  const counts = {
    userRatings: countsOf(train.userIndex, train.users.size),
    movieRatings: countsOf(train.movieIndex, train.movies.size),
  }
  const measured = given.heldOut && knownTo(train, given.heldOut)
  const intervals = measured && (await fitIntervals(model, counts, measured, asked.seed, pulse))
  return {
    model: { ...model, intervals },
    start: { ...vectors, rated: recordUses(given, from?.vectors), recent: null },
    matched: warm && { users: matchedIn(warm.users), movies: matchedIn(warm.movies) },
    run: {
      ...{ ...run, spec: { ...run.spec, ranking: rankingSpec }, rankingSeconds, learntShare },
      ...(setbacks.length > 0 && { setbacks }),
      trainSeconds: run.epochs.reduce((sum, epoch) => sum + epoch.seconds, 0),
    },
    ...{ baseline: baselineInRatings(baseline, unit), baselineSeconds, counts },
    ...{ stepsPerEpoch, keptEpochs },
    trainRows: train.rating.length,
  }
}

/** What of the learnt is kept: as told, as of the first fit, or as inner fits choose. */
async function shareOf(task: FitTask, pulse: StepPulse): Promise<number | null> {
  const { data, first, learntShare, attributes, backend } = task
  if (learntShare !== undefined) return learntShare
  if (first) return first.run.learntShare
  const { train, scale } = data
  const spec = innerSpec(task.spec, train.rating.length)
  const inner = { spec, backend, ...(attributes && { attributes }), learntShare: null }
  const rows = { ...train, declaredScale: scale }
  const fitOn = (some: Ratings, part: StepPulse) => {
    const whole = { ...spec, split: { ...spec.split, valid: 0 } }
    return fitModel({ ...inner, data: prepareTrainingData(some, undefined, whole) }, part)
  }
  return chooseLearntShare(task.spec, rows, fitOn, pulse)
}

function secondsSince(start: number): number {
  return (performance.now() - start) / 1_000
}

/** A model in units that lacks its weights. */
function weightless(
  { train, rated, recent, scale, visitorScale, likedFrom }: TrainingData,
  spec: TrainingSpec,
  baseline: Baseline,
  unit: RatingUnit,
): Weightless {
  const { users, movies } = train
  return {
    ...{ users, movies, rated, recent, baseline, likedFrom, ranking: null, intervals: null },
    ...{ ratingScale: scale, visitorScale },
    ratingRange: spec.algorithm === 'bayes' ? null : resolveRatingRange(spec, scale, unit),
  }
}

function matchedIn(rows: Int32Array): number {
  return rows.reduce((sum, row) => sum + Number(row >= 0), 0)
}
