import { parseArgs } from 'node:util'
import type { Ratings } from '../model/data/ratings.ts'
import { type Trial, winnerOf } from '../model/spec/trial.ts'
import { type TuningSpec, tuningSpecSchema } from '../model/spec/tuning-spec.ts'
import { readRatingsFile } from '../storage/ratings/read-ratings-file.ts'
import type { BackendPreference } from '../training/engines/engine.ts'
import { innerTraining, runTrial, tuningRatings } from '../training/tuning/run-trial.ts'
import { tune } from '../training/tuning/tune.ts'
import { readSettings } from './settings.ts'
import { commonOf, invalid, misused, toNumber } from './training-arguments.ts'

const usage =
  'marquee tune --ratings FILE-or-FOLDER (--trials 20 | --minutes 10) [--algorithm dot-bias] [--strategy random|halving] [--set NAME=VALUES …] [--seed 42] [--engine auto] [--valid 0.2] [--split random] [--json]'

/**
 * Searches for hyper-parameters on the training rows of a file; those that the split holds out are
 * not looked at. Prints the trials and the winner, or with --json one object. `--set` gives the space:
 * a JSON list or range for each name, `--set factors=[10,20] --set 'weightDecay={"min":0.01,"max":1}'`.
 */
export async function tuneCommand(args: string[], backend: BackendPreference): Promise<void> {
  const { ratingsPath, tuning, isJson } = readArguments(args)
  const { ratings } = await readRatingsFile(ratingsPath)
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
    finished: [],
    onTrial,
    run: (candidate) => runTrial({ ratings, spec: innerTraining(candidate, tuning), backend }),
  })
}

function readArguments(args: string[]) {
  const { ratings, algorithm, strategy, trials, minutes, set, json, ...named } = parse(args)
  if (ratings === undefined) throw invalid(`--ratings is missing. Usage: ${usage}`)
  const tuning = tuningSpecSchema.safeParse({
    kind: 'tune',
    ...{ algorithm, strategy },
    ...(trials === undefined ? {} : { trials: toNumber('--trials', trials) }),
    ...(minutes === undefined ? {} : { minutes: toNumber('--minutes', minutes) }),
    ...(set === undefined ? {} : { space: readSettings(set, [algorithm])(algorithm) }),
    ...commonOf(named),
  })
  if (tuning.success) return { ratingsPath: ratings, tuning: tuning.data, isJson: json }
  const [issue] = tuning.error.issues
  const where = issue?.path.length ? `${issue.path.join('.')}: ` : ''
  throw invalid(`The tuning is not valid: ${where}${issue?.message}.`)
}

function parse(args: string[]) {
  const text = { type: 'string' } as const
  try {
    return parseArgs({
      args,
      options: {
        ...{ ratings: text, trials: text, minutes: text, engine: text, seed: text },
        ...{ valid: text, split: text, set: { ...text, multiple: true } as const },
        algorithm: { ...text, default: 'dot-bias' },
        strategy: { ...text, default: 'random' },
        json: { type: 'boolean', default: false },
      },
    }).values
  } catch (cause) {
    throw misused(cause, `Usage: ${usage}`)
  }
}

function trialLine({ trial, round, settings, epochs, validMse, seconds }: Trial): string {
  const error = validMse === null ? 'diverged' : `inner MSE ${validMse.toFixed(4)}`
  const values = Object.entries(settings).map(
    ([name, value]) => `${name}=${typeof value === 'number' ? +value.toPrecision(4) : value}`,
  )
  return `trial ${trial}.${round}  ${error}  ${epochs} epochs  ${seconds.toFixed(1)} s  ${values.join(' ')}\n`
}
