import { MarqueeError } from '../../errors.ts'
import type { SteppedSpec } from '../../model/spec/training-spec.ts'
import { bestTrial, type Trial } from '../../model/spec/trial.ts'
import { maxTrials, parseCandidate, type TuningSpec } from '../../model/spec/tuning-spec.ts'
import { epochsFor } from '../fit/settle-spec.ts'
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
  const trials: Trial[] = []
  const measure = createMeasure(task, trials)
  if (task.tuning.strategy === 'random') await searchAtRandom(task, trials, measure)
  else await searchByHalving(task, trials, measure)
  if (bestTrial(trials)) return trials
  throw new MarqueeError(
    'diverged',
    `None of ${trials.length} settings could be trained. Try lower learning rates.`,
  )
}

/** Does a trial, or takes it from the finished ones. */
type Measure = (trial: number, round: number, share: number) => Promise<Trial>

function createMeasure(task: TuningTask, trials: Trial[]): Measure {
  const { tuning, finished, onTrial } = task
  const known = new Map(finished.map((trial) => [`${trial.trial}.${trial.round}`, trial]))
  return async (trial, round, share) => {
    const settings = drawSettings(tuning, trial)
    const before = known.get(`${trial}.${round}`)
    const done = before ?? {
      trial,
      round,
      share,
      settings,
      ...(await timed(task, settings, share)),
    }
    trials.push(done)
    if (!before) await onTrial?.(done)
    return done
  }
}

async function timed(
  { run, tuning, ratings }: TuningTask,
  settings: Trial['settings'],
  share: number,
): Promise<Pick<Trial, 'validMse' | 'epochs' | 'seconds'>> {
  const spec = parseCandidate(tuning, settings).data!
  const inFull = spec.epochs === 'auto' ? epochsFor(ratings * (1 - tuning.innerValid)) : spec.epochs
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

async function searchAtRandom({ tuning }: TuningTask, trials: Trial[], measure: Measure) {
  for (let drawn = 0; hasBudget(tuning, trials, drawn); drawn++) await measure(drawn + 1, 1, 1)
}

const bracketSize = 27
const kept = 3
const maxRounds = 3

/**
 * Successive halving (Jamieson and Talwalkar, "Non-stochastic best arm identification and
 * hyperparameter optimization", 2016), by thirds. A bracket of n settings has R = 1 + ⌊log₃ n⌋
 * rounds, three at most; round r trains for 3^(r−R) of the epochs, and ⌈1/3⌉ of it goes on.
 */
async function searchByHalving({ tuning }: TuningTask, trials: Trial[], measure: Measure) {
  for (let drawn = 0; hasBudget(tuning, trials, drawn); ) {
    const size = Math.min(bracketSize, (tuning.trials ?? maxTrials) - drawn)
    const rounds = roundsOf(size)
    let field: Trial[] = []
    // A bracket that runs out of time ends its rounds with the settings that it has.
    while (field.length < size && hasBudget(tuning, trials, drawn))
      field.push(await measure(++drawn, 1, kept ** (1 - rounds)))
    for (let round = 2; round <= rounds; round++) {
      const next: Trial[] = []
      for (const { trial } of bestThird(field))
        next.push(await measure(trial, round, kept ** (round - rounds)))
      field = next
    }
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
