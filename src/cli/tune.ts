import type { Ratings } from '../model/data/ratings.ts'
import type { SteppedAlgorithm } from '../model/spec/training-spec.ts'
import { type Trial, winnerOf } from '../model/spec/trial.ts'
import { type TuningSpec, tuningSpecSchema } from '../model/spec/tuning-spec.ts'
import type { GivenColumns } from '../storage/ratings/columns/given-columns.ts'
import { readRatingsFile } from '../storage/ratings/read-ratings-file.ts'
import type { BackendPreference } from '../training/engines/engine.ts'
import { innerTraining, runTrial, tuningRatings } from '../training/tuning/run-trial.ts'
import { tune } from '../training/tuning/tune.ts'
import { createRefusalLog } from './evaluate/refused-lines.ts'
import { fieldsFor, parseSpec, type TrainingOptions } from './settings/parse-spec.ts'
import { readSettings } from './settings/read-settings.ts'

type TuneOptions = TrainingOptions & {
  readonly ratings: string
  readonly columns?: GivenColumns
  readonly algorithm: SteppedAlgorithm
  readonly strategy: string
  readonly trials?: number
  readonly minutes?: number
  readonly json?: boolean
}

/**
 * Searches for hyper-parameters on the training rows of a file; those that the split holds out are
 * not looked at. Prints the trials and the winner, or with --json one object. `--set` gives the
 * space: a JSON list or range for each name, `--set factors=[10,20] --set
 * 'weightDecay={"min":0.01,"max":1}'`.
 */
export async function tuneFile(options: TuneOptions, backend: BackendPreference): Promise<void> {
  const tuning = tuningOf(options)
  const isJson = options.json === true
  const { ratings, ...reading } = await readRatingsFile(options.ratings, options.columns)
  createRefusalLog()(options.ratings, reading)
  const trials = await search(tuning, tuningRatings(ratings, tuning), backend, (trial) => {
    if (!isJson) process.stdout.write(trialLine(trial))
  })
  const winner = winnerOf(tuning, trials)
  process.stdout.write(
    isJson
      ? `${JSON.stringify({ trials, winner })}\n`
      : `\nwinner, as a training job: ${JSON.stringify(winner)}\n`,
  )
}

function search(
  tuning: TuningSpec,
  ratings: Ratings,
  backend: BackendPreference,
  onTrial: (trial: Trial) => void,
): Promise<Trial[]> {
  return tune({
    tuning,
    ratings: ratings.rating.length,
    finished: [],
    onTrial,
    run: (candidate) => runTrial({ ratings, spec: innerTraining(candidate, tuning), backend }),
  })
}

function tuningOf({ algorithm, strategy, trials, minutes, set, ...options }: TuneOptions) {
  return parseSpec(tuningSpecSchema, {
    kind: 'tune',
    ...{ algorithm, strategy, trials, minutes, ...fieldsFor(options) },
    ...(set.length > 0 && { space: readSettings(set, [algorithm])(algorithm) }),
  })
}

function trialLine({ trial, round, settings, epochs, validMse, seconds }: Trial): string {
  const error = validMse === null ? 'diverged' : `inner MSE ${validMse.toFixed(4)}`
  const values = Object.entries(settings).map(
    ([name, value]) => `${name}=${typeof value === 'number' ? +value.toPrecision(4) : value}`,
  )
  return `trial ${trial}.${round}  ${error}  ${epochs} epochs  ${seconds.toFixed(1)} s  ${values.join(' ')}\n`
}
