import type { Ratings } from '../../model/data/ratings.ts'
import type { Baseline } from '../../model/model.ts'
import type { SettledSpec, TrainingSpec } from '../../model/spec/training-spec.ts'
import { countsOf } from '../../numeric/counting.ts'
import { onEngine } from '../engines/engine.ts'
import type { Fit, FitTask } from '../fit-task.ts'
import { fitIntervals } from '../intervals/fit-intervals.ts'
import type { StepPulse } from '../pulse.ts'
import { knownTo, prepareTrainingData, type TrainingData } from '../splitting/training-data.ts'
import type { Engine } from '../trainer.ts'
import { recordUses } from '../warm-start/pair-uses.ts'
import { warmRowsOf } from '../warm-start/warm-rows.ts'
import { asFoundBefore } from '../warm-start/warm-spec.ts'
import { fitBaseline } from './baseline.ts'
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
    ...settleSpec(wantedSpec, given.train, backend),
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
    start: task.keepsStart
      ? { ...vectors, rated: recordUses(given, from?.vectors), recent: null }
      : null,
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
