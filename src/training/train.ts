import type { WarmStartReport } from '../model/card.ts'
import type { SideInformation } from '../model/data/attributes.ts'
import type { Ratings } from '../model/data/ratings.ts'
import type { Model } from '../model/model.ts'
import type { TrainingSpec } from '../model/spec/training-spec.ts'
import type { BackendPreference } from './engines/engine.ts'
import { type ListProtocol, type Measurement, measureModel } from './evaluation/measure-model.ts'
import { fitModel } from './fit/fit-model.ts'
import { withHeldOut } from './fit/fold-in-held-out.ts'
import { refitModel } from './fit/refit-model.ts'
import type { Fit, FitHooks } from './fit-task.ts'
import type { ProgressMeter } from './progress/meter.ts'
import { type Compared, compareSettings } from './promotion/compare-settings.ts'
import { createPulse } from './pulse.ts'
import { prepareTrainingData } from './splitting/training-data.ts'
import { type Beginning, beginFrom, type WarmStart } from './warm-start/begin.ts'

export type TrainingHooks = FitHooks & {
  readonly signal?: AbortSignal
  /** Told from which model's vectors it starts, or why from nothing, where that was asked for. */
  onStart?(from: string | null, reason: string | null): void
  /** Told of each step and how much of it is done, some twenty times a second. */
  readonly meter?: ProgressMeter
}

export type TrainingTask = {
  readonly ratings: Ratings
  /** Held-out rows of the caller's own, instead of the split of the spec. */
  readonly test?: Ratings
  /** For the algorithms that use it, today `bayes`; ids without ratings may be among them. */
  readonly attributes?: SideInformation
  readonly spec: TrainingSpec
  readonly backend: BackendPreference
  /** Vectors to start from, not with `test`, or why there are none; without, it starts cold. */
  readonly start?: { readonly vectors: WarmStart } | { readonly reason: string }
  readonly hooks?: TrainingHooks
  /** Decides on the held-out figures; without one every model is refitted that is to be. */
  readonly gate?: Gate
}

/** Decides of a model that was measured whether it is to serve: only then is it refitted. */
export type Gate = {
  /** The settings to compare with what was measured; null where that is not wanted. */
  against(measurement: Measurement): TrainingSpec | null
  admits(measured: Pick<Training, 'measurement' | 'compared'>): boolean
}

export type Training = {
  /** What was measured; with a start for later trainings. */
  readonly fit: Fit
  /** Null where nothing is held out. */
  readonly measurement: Measurement | null
  /** What came of the comparison with other settings; null where there was none. */
  readonly compared: Compared | null
  /** The fit on all rows; null where there is none. */
  readonly refit: Fit | null
  /**
   * What serves: the model of the refit, or that of `fit` with the users and movies folded in of whom
   * it had no row.
   */
  readonly model: Model
  /** How it began, where a start was asked for. */
  readonly warmStart?: WarmStartReport | null
}

/** A ranking solves each user and each movie so often, with the default epochs of a million ratings. */
const solvings = 12
/** What a list takes for each movie at most, in multiplications; most movies take less. */
const perMovie = 16
const leastUsers = 1_000

/**
 * The lists that a card tells of: for all users, or where that would cost more multiplications
 * than solving the ranking, for as many as do not, a thousand at least, drawn by the seed.
 */
export function cardLists(
  seed: number,
  { ranking, users, movies }: Pick<Model, 'ranking' | 'users' | 'movies'>,
): ListProtocol {
  const factors = ranking?.movieFactors.columns ?? 0
  const solving = (solvings * (users.size + movies.size) * factors ** 3) / 3
  const mostUsers = Math.max(leastUsers, Math.floor(solving / (perMovie * movies.size)))
  return { candidates: 'unliked', orderBy: 'relevance', sample: { mostUsers, seed } }
}

/**
 * Ratings to a model that is measured on the rows held out and then, with `refit` and unless the gate
 * refuses it, fitted again on all rows, else given the users and movies that it lacks; neither of a
 * `test` of the caller's. Errors: `no-ratings`, and those of `fitModel`.
 */
export async function trainModel(task: TrainingTask): Promise<Training> {
  const { ratings, test, spec, gate, hooks = {} } = task
  const { seed } = spec
  const pulse = createPulse(hooks.signal, hooks.meter).step('prepare')
  /** Of a computation with steps of its own the plan has but one. */
  const beside = () => {
    pulse.step('compare')
    return createPulse(hooks.signal)
  }
  await pulse.beat(0)
  const { data, start, reason } = beginning(task)
  if (task.start) hooks.onStart?.(start?.version ?? null, reason)
  const { train, heldOut } = data
  const isRefitted = spec.refit && !test && train.rating.length < ratings.rating.length
  const fit = await fitModel({ ...task, data, warm: start ?? undefined, keepsStart: true }, pulse)
  const lists = cardLists(seed, fit.model)
  const measuring = { ...fit, train, test: heldOut!, lists: spec.ranking && lists, seed }
  const measurement = heldOut && (await measureModel(measuring, pulse))
  const serving = measurement && gate?.against(measurement)
  const compared = serving
    ? await compareSettings({ ...task, serving, data, fit, measurement, lists }, beside())
    : null
  const isAdmitted = gate?.admits({ measurement, compared }) ?? true
  const refit = isRefitted && isAdmitted ? await refitModel(fit, task, pulse) : null
  const model = refit?.model ?? (test ? fit.model : await withHeldOut(fit, ratings, pulse))
  const warmStart = task.start ? reportOf(fit, start, reason) : null
  return { fit, measurement, compared, refit, model, warmStart }
}

function beginning({ start, ratings, test, spec }: TrainingTask): Beginning {
  if (start && 'vectors' in start && !test) return beginFrom(start.vectors, ratings, spec)
  const reason = start && 'reason' in start ? start.reason : null
  return { data: prepareTrainingData(ratings, test, spec), start: null, reason }
}

function reportOf(
  { matched, model, run }: Fit,
  start: WarmStart | null,
  reason: string | null,
): WarmStartReport {
  const { users = 0, movies = 0 } = matched ?? {}
  return {
    from: start?.version ?? null,
    reason,
    ...{ users, newUsers: model.users.size - users },
    ...{ movies, newMovies: model.movies.size - movies },
    epochs: run.epochs.length,
  }
}
