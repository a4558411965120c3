import { MarqueeError } from '../../errors.ts'
import type { SteppedSpec } from '../../model/spec/training-spec.ts'
import { bestTrial, type Trial } from '../../model/spec/trial.ts'
import { maxTrials, parseCandidate, type TuningSpec } from '../../model/spec/tuning-spec.ts'
import { epochsFor, withOptimizer } from '../fit/settle-spec.ts'
import { drawSettings } from './draw-settings.ts'
import type { TrialOutcome } from './run-trial.ts'

export type TuningTask = {
  readonly tuning: TuningSpec
  /** How many a trial divides into training and inner validation rows. */
  readonly ratings: number
  /** Trials of earlier attempts; they are not done again. */
  readonly finished: readonly Trial[]
  /** Trains and gives the error on the inner validation rows; `diverged` errors count as none. */
  run(spec: SteppedSpec): Promise<TrialOutcome>
  /** Told of each trial that was not finished before; the next one begins when it resolves. */
  onTrial?(trial: Trial): void | Promise<void>
}

/**
 * Searches until the budget is spent and gives all trials. With the same seed it tries the same
 * settings; a budget in minutes counts the seconds of the trials, those of earlier attempts too. A
 * `diverged` error when no setting could be trained.
 */
export async function tune(task: TuningTask): Promise<Trial[]> {
  const trials = [...task.finished]
  for (;;) {
    const [next] = nextTrials(task.tuning, trials, 1)
    if (!next) return assertTrained(trials)
    const trial = await doTrial(task, next)
    trials.push(trial)
    await task.onTrial?.(trial)
  }
}

/** The trials; a `diverged` error when none of them could be trained. */
export function assertTrained(trials: Trial[]): Trial[] {
  if (bestTrial(trials)) return trials
  throw new MarqueeError(
    'diverged',
    `None of ${trials.length} settings could be trained. Try lower learning rates.`,
  )
}

/** A trial as the search wants it: a setting, and the share of its epochs that it trains for. */
export type WantedTrial = Pick<Trial, 'trial' | 'round' | 'share'>

/**
 * Trials that the search wants next, `most` at once, whatever the others of them give; none once its
 * budget is spent. It goes by the finished ones, in any order.
 */
export function nextTrials(
  tuning: TuningSpec,
  finished: readonly Trial[],
  most: number,
): WantedTrial[] {
  const known = new Map(finished.map((trial) => [nameOf(trial), trial]))
  const look: Look = { done: [], wanted: [], known, most }
  if (tuning.strategy === 'random') searchAtRandom(tuning, look)
  else searchByHalving(tuning, look)
  return look.wanted
}

/** Names a trial among those of its tuning. */
export function nameOf({ trial, round }: Pick<Trial, 'trial' | 'round'>): string {
  return `${trial}.${round}`
}

/** Does one trial. */
export async function doTrial(
  task: Pick<TuningTask, 'run' | 'tuning' | 'ratings'>,
  { trial, round, share }: WantedTrial,
): Promise<Trial> {
  const settings = drawSettings(task.tuning, trial)
  return { trial, round, share, settings, ...(await timed(task, settings, share)) }
}

async function timed(
  { run, tuning, ratings }: Pick<TuningTask, 'run' | 'tuning' | 'ratings'>,
  settings: Trial['settings'],
  share: number,
): Promise<Pick<Trial, 'validMse' | 'epochs' | 'seconds'>> {
  const spec = parseCandidate(tuning, settings).data!
  const rows = ratings * (1 - tuning.innerValid)
  const optimised = withOptimizer(spec, rows, 'auto')
  const inFull = optimised.epochs === 'auto' ? epochsFor(rows) : optimised.epochs
  const epochs = Math.max(1, Math.round(inFull * share))
  const start = performance.now()
  const seconds = () => (performance.now() - start) / 1_000
  try {
    const measured = await run({ ...spec, epochs })
    return { ...measured, seconds: seconds() }
  } catch (error) {
    if (!(error instanceof MarqueeError && error.code === 'diverged')) throw error
    return { validMse: null, epochs, seconds: seconds() }
  }
}

/** Whether one more setting may be drawn when `drawn` were. */
function hasBudget({ trials, minutes }: TuningSpec, done: readonly Trial[], drawn: number) {
  const seconds = done.reduce((sum, trial) => sum + trial.seconds, 0)
  return drawn < (trials ?? maxTrials) && seconds < 60 * (minutes ?? Number.POSITIVE_INFINITY)
}

/** What a walk through a search meets. */
type Look = {
  /** The finished trials that it comes by, in its order. */
  readonly done: Trial[]
  readonly wanted: WantedTrial[]
  readonly known: ReadonlyMap<string, Trial>
  readonly most: number
}

/** The trial where it is finished; else null, and it is wanted. */
function meet({ done, wanted, known, most }: Look, trial: WantedTrial): Trial | null {
  const found = known.get(nameOf(trial)) ?? null
  if (found) done.push(found)
  else if (wanted.length < most) wanted.push(trial)
  return found
}

function searchAtRandom(tuning: TuningSpec, look: Look): void {
  for (let drawn = 0; hasBudget(tuning, look.done, drawn) && !isFull(look); drawn++)
    meet(look, { trial: drawn + 1, round: 1, share: 1 })
}

function isFull({ wanted, most }: Look): boolean {
  return wanted.length >= most
}

const bracketSize = 27
const kept = 3
const maxRounds = 3

/**
 * Successive halving (Jamieson and Talwalkar, "Non-stochastic best arm identification and
 * hyperparameter optimization", 2016), by thirds. A bracket of n settings has R = 1 + ⌊log₃ n⌋
 * rounds, three at most; round r trains for 3^(r−R) of the epochs, and ⌈1/3⌉ of it goes on.
 */
function searchByHalving(tuning: TuningSpec, look: Look): void {
  for (let drawn = 0; hasBudget(tuning, look.done, drawn); ) {
    const size = Math.min(bracketSize, (tuning.trials ?? maxTrials) - drawn)
    const rounds = roundsOf(size)
    let field: (Trial | null)[] = []
    // A bracket that runs out of time ends its rounds with the settings that it has.
    while (field.length < size && hasBudget(tuning, look.done, drawn) && !isFull(look))
      field.push(meet(look, { trial: ++drawn, round: 1, share: kept ** (1 - rounds) }))
    for (let round = 2; round <= rounds; round++) {
      // Who goes on is known once all of a round are done.
      if (look.wanted.length > 0) return
      const share = kept ** (round - rounds)
      const best = bestThird(field.filter((trial) => trial !== null))
      field = best.map(({ trial }) => meet(look, { trial, round, share }))
    }
    if (look.wanted.length > 0) return
  }
}

/** Of a bracket with so many settings. */
function roundsOf(size: number): number {
  return Math.min(maxRounds, 1 + Math.floor(Math.log(size) / Math.log(kept) + 1e-9))
}

/** The share of its epochs that each trial trains for, when so many settings are drawn. */
export function sharesOf(trials: number, strategy: TuningSpec['strategy']): number[] {
  if (strategy === 'random') return Array<number>(trials).fill(1)
  const shares: number[] = []
  for (let drawn = 0; drawn < trials; drawn += bracketSize) {
    let size = Math.min(bracketSize, trials - drawn)
    const rounds = roundsOf(size)
    for (let round = 1; round <= rounds; round++) {
      shares.push(...Array<number>(size).fill(kept ** (round - rounds)))
      size = Math.ceil(size / kept)
    }
  }
  return shares
}

function bestThird(field: readonly Trial[]): Trial[] {
  return field
    .filter(({ validMse }) => validMse !== null)
    .sort((a, b) => a.validMse! - b.validMse! || a.trial - b.trial)
    .slice(0, Math.ceil(field.length / kept))
}
