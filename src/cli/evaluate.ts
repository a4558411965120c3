import { parseArgs } from 'node:util'
import { MarqueeError } from '../errors.ts'
import type { EpochReport, ErrorMetrics } from '../model/card.ts'
import type { Ratings } from '../model/ratings.ts'
import { type TrainingSpec, trainingSpecSchema } from '../model/training-spec.ts'
import { readRatingsFile } from '../storage/ratings/read-ratings-file.ts'
import type { BackendPreference } from '../training/engine.ts'
import { type TrainingResult, trainModel } from '../training/train.ts'
import { createProgressBar } from './progress-bar.ts'

const usage =
  'marquee evaluate --ratings FILE-or-FOLDER [--test FILE | --valid 0.2] [--seed 42] [--algorithm dot-bias] [--engine auto] [--set NAME=VALUE …] [--json]'

/**
 * Trains once and prints the errors on held-out ratings beside those of simple predictors, as a
 * table or, with --json, as one object. A bad argument is an `invalid-request` error.
 */
export async function evaluateCommand(args: string[], backend: BackendPreference): Promise<void> {
  const { ratingsPath, testPath, spec, isJson } = readArguments(args)
  const ratings = await read(ratingsPath)
  const test = testPath === undefined ? {} : { test: await read(testPath) }
  const bar = createProgressBar(process.stderr)
  try {
    const onEpoch = (report: EpochReport) => {
      bar.clear()
      if (!isJson) process.stdout.write(`${epochLine(report)}\n`)
    }
    const hooks = { onEpoch, onProgress: bar.update }
    const rows = resultRows(await trainModel({ ratings, ...test, spec, backend, hooks }), spec)
    bar.clear()
    process.stdout.write(isJson ? `${JSON.stringify({ results: rows })}\n` : table(rows))
  } finally {
    bar.clear()
  }
}

type Arguments = {
  ratingsPath: string
  testPath: string | undefined
  spec: TrainingSpec
  isJson: boolean
}

function readArguments(args: string[]): Arguments {
  const { ratings, test, valid, set, json, ...named } = parse(args)
  if (ratings === undefined) throw invalid(`--ratings is missing. Usage: ${usage}`)
  if (test !== undefined && valid !== undefined)
    throw invalid('--valid and --test exclude each other: give one of them.')
  if (valid !== undefined && Number(valid) === 0)
    throw invalid('--valid 0 would hold nothing out to measure on.')
  const spec = trainingSpecSchema.safeParse({
    algorithm: named.algorithm,
    ...(named.engine === undefined ? {} : { engine: named.engine }),
    ...(named.seed === undefined ? {} : { seed: toNumber('--seed', named.seed) }),
    ...(valid === undefined ? {} : { split: { valid: toNumber('--valid', valid) } }),
    ...Object.fromEntries((set ?? []).map(readSetting)),
  })
  if (!spec.success) {
    const [issue] = spec.error.issues
    const where = issue?.path.length ? `${issue.path.join('.')}: ` : ''
    throw invalid(`The training is not valid: ${where}${issue?.message}.`)
  }
  return { ratingsPath: ratings, testPath: test, spec: spec.data, isJson: json }
}

function parse(args: string[]) {
  const text = { type: 'string' } as const
  try {
    return parseArgs({
      args,
      options: {
        ratings: text,
        test: text,
        valid: text,
        seed: text,
        engine: text,
        algorithm: { type: 'string', default: 'dot-bias' },
        set: { type: 'string', multiple: true },
        json: { type: 'boolean', default: false },
      },
    }).values
  } catch (cause) {
    const [sentence] = (cause as Error).message.split(/\.\s/)
    throw invalid(`${sentence}. Usage: ${usage}`, cause)
  }
}

const ownOptions: Record<string, string> = {
  algorithm: '--algorithm',
  engine: '--engine',
  seed: '--seed',
  split: '--valid',
}

/** `epochs=5` to ['epochs', 5]: the value as JSON, or as text where it is not JSON. */
function readSetting(setting: string): [string, unknown] {
  const at = setting.indexOf('=')
  if (at < 1) throw invalid(`--set ${setting}: expected NAME=VALUE.`)
  const name = setting.slice(0, at)
  const value = setting.slice(at + 1)
  if (Object.hasOwn(ownOptions, name)) throw invalid(`--set ${name}: use ${ownOptions[name]}.`)
  try {
    return [name, JSON.parse(value)]
  } catch {
    return [name, value]
  }
}

function toNumber(option: string, text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text)
  if (Number.isNaN(value)) throw invalid(`${option} ${text}: expected a number.`)
  return value
}

function invalid(message: string, cause?: unknown): MarqueeError {
  return new MarqueeError('invalid-request', message, { cause })
}

async function read(path: string): Promise<Ratings> {
  const { ratings, refused } = await readRatingsFile(path)
  if (refused > 0) process.stderr.write(`${path}: ${refused} lines could not be read.\n`)
  return ratings
}

type ResultRow = ErrorMetrics & {
  algorithm: string
  engine?: string
  backend?: string
  trainSeconds: number
  seed: number
}

function resultRows(result: TrainingResult, { algorithm, seed }: TrainingSpec): ResultRow[] {
  const { engine, backend, metrics, baselines, trainSeconds, baselineSeconds } = result
  if (!metrics || !baselines)
    throw new MarqueeError('no-ratings', 'There are too few ratings to hold any out.')
  return [
    { algorithm, engine, backend, ...metrics, trainSeconds, seed },
    { algorithm: 'global-mean', ...baselines['global-mean'], trainSeconds: 0, seed },
    { algorithm: 'bias-only', ...baselines['bias-only'], trainSeconds: baselineSeconds, seed },
  ]
}

function epochLine({ epoch, epochs, trainMse, validMse, ratingsPerSecond, seconds }: EpochReport) {
  const heldOut = validMse === null ? '' : `  held-out MSE ${validMse.toFixed(4)}`
  const speed = Math.round(ratingsPerSecond).toLocaleString('en')
  return `epoch ${epoch}/${epochs}  training MSE ${trainMse.toFixed(4)}${heldOut}  ${speed} ratings/s  ${seconds.toFixed(1)} s`
}

function table(rows: readonly ResultRow[]): string {
  const cells = rows.map((row) => [
    row.algorithm,
    row.engine === undefined ? '' : `${row.engine}/${row.backend}`,
    ...[row.rmse, row.mse, row.mae].map((error) => error.toFixed(4)),
    String(row.rows),
    row.trainSeconds.toFixed(2),
    String(row.seed),
  ])
  const lines = [
    ['algorithm', 'engine/backend', 'RMSE', 'MSE', 'MAE', 'rows', 'seconds', 'seed'],
    ...cells,
  ]
  const widths = lines[0]!.map((_, i) => Math.max(...lines.map((line) => line[i]!.length)))
  const pad = (cell: string, i: number) =>
    i < 2 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)
  return `\n${lines.map((line) => line.map(pad).join('  ')).join('\n')}\n`
}
