import { MarqueeError } from '../../errors.ts'
import type { Ratings } from '../../model/data/ratings.ts'
import { pickRows } from '../../model/data/ratings.ts'
import type { ListOrder } from '../../model/ranker.ts'
import {
  type Algorithm,
  type TrainingSpec,
  trainingSpecSchema,
} from '../../model/spec/training-spec.ts'
import type { GivenColumns } from '../../storage/ratings/columns/given-columns.ts'
import { readRatingsFile } from '../../storage/ratings/read-ratings-file.ts'
import type { BackendPreference } from '../../training/engines/engine.ts'
import type { AlsoName } from '../../training/evaluation/also/also-measures.ts'
import {
  type Evaluation,
  evaluateSplit,
  type TestSplit,
} from '../../training/evaluation/evaluate.ts'
import type { CandidateRule } from '../../training/evaluation/ranking-cases.ts'
import { createProgressMeter, type ProgressMeter } from '../../training/progress/meter.ts'
import { planEvaluation } from '../../training/progress/plan-training.ts'
import { sizesOf } from '../../training/progress/work.ts'
import { reportOf } from '../../training/report/report.ts'
import { foldSplits } from '../../training/splitting/random-split.ts'
import { splitRatings } from '../../training/splitting/split-ratings.ts'
import { createProgressBar, type ProgressBar } from '../progress-bar.ts'
import { fieldsFor, parseSpec, type TrainingOptions } from '../settings/parse-spec.ts'
import { readSettings } from '../settings/read-settings.ts'
import { epochLine, printResults } from './print.ts'
import { createRefusalLog, type RefusalLog, type RefusedLines } from './refused-lines.ts'
import { reportPage } from './report-page.ts'
import { type Result, resultsOf } from './results.ts'
import { readSideInformation } from './side-information.ts'
import { checkFolder, modelParts, predictionParts, writeParts } from './write-files.ts'

export type EvaluateOptions = TrainingOptions & {
  readonly ratings: string
  /** The columns of the files of ratings, where their header does not tell. */
  readonly columns?: GivenColumns
  readonly test?: string
  /** Files of movies and of users, whose attributes the training may use. */
  readonly movies?: string
  readonly users?: string
  readonly folds?: number
  readonly algorithm?: readonly Algorithm[]
  readonly candidates: CandidateRule
  readonly orderBy: ListOrder
  readonly also?: readonly AlsoName[]
  readonly prequential?: boolean
  readonly json?: boolean
  /** Where a page with the pictures goes; undefined for none. */
  readonly report?: string
  /** Where the predictions of the held-out rows go, as CSV. */
  readonly predictions?: string
  /** Where the model goes, as safetensors. */
  readonly save?: string
}
/**
 * The options with a training for each algorithm; they differ in nothing but their own settings.
 */
type Wanted = EvaluateOptions & { readonly specs: readonly TrainingSpec[] }

/**
 * Trains on a file and prints what was measured on held-out ratings beside simple predictors, as
 * tables or, with --json, as one object. A bad argument is an `invalid-request` error.
 */
export async function evaluate(
  options: EvaluateOptions,
  backend: BackendPreference,
): Promise<void> {
  const wanted = { ...options, specs: specsOf(options) }
  const { specs, candidates, orderBy, prequential, report, json } = wanted
  const { predictions, save } = wanted
  const also = [...(wanted.also ?? []), ...(prequential ? (['prequential'] as const) : [])]
  for (const path of [report, predictions, save]) if (path !== undefined) await checkFolder(path)
  const refused: RefusedLines[] = []
  const log = createRefusalLog(refused)
  const attributes = await readSideInformation(wanted, log)
  const splits = await splitsOf(wanted, log)
  const bar = createProgressBar(process.stderr)
  const evaluated: Evaluation[][] = []
  try {
    const meter = createProgressMeter({ onChange: () => bar.update(meter.report()) })
    meter.plan(splits.flatMap((split) => specs.flatMap((spec) => planOf(split, spec, backend))))
    for (const [fold, split] of splits.entries()) {
      const hooksFor = createHooks(wanted, fold, splits.length, bar, meter)
      const isReported = report !== undefined && fold === 0
      const wish = { specs, candidates, orderBy, also, attributes, isReported }
      const task = { ...split, ...wish, backend, hooksFor }
      evaluated.push(await evaluateSplit(task))
    }
  } finally {
    bar.clear()
  }
  const results = resultsOf(evaluated, specs[0]!, wanted.folds !== undefined)
  if (report !== undefined) await writeReport(wanted.ratings, report, results, evaluated)
  if (predictions !== undefined) await writeParts(predictions, predictionParts(splits, evaluated))
  if (save !== undefined) await writeParts(save, modelParts(evaluated[0]!))
  process.stdout.write(json ? `${JSON.stringify({ results, refused })}\n` : printResults(results))
}

function specsOf({ algorithm = ['bayes'], set, ...options }: EvaluateOptions): TrainingSpec[] {
  if (options.valid === 0)
    throw new MarqueeError('invalid-request', '--valid 0 would hold nothing out to measure on.')
  const algorithms = [...new Set(algorithm)]
  if (options.save !== undefined && (algorithms.length > 1 || options.folds !== undefined))
    throw new MarqueeError('invalid-request', '--save takes one model: one algorithm, no --folds.')
  const settings = readSettings(set, algorithms)
  return algorithms.map((name) =>
    parseSpec(trainingSpecSchema, { algorithm: name, ...fieldsFor(options), ...settings(name) }),
  )
}

/** Under --folds the pictures are those of the first fold. */
async function writeReport(
  ratingsPath: string,
  reportPath: string,
  results: readonly Result[],
  [first = []]: readonly Evaluation[][],
): Promise<void> {
  const reports = first.flatMap(({ trained }) =>
    trained ? reportOf({ ...trained, model: trained.fit.model }) : [],
  )
  const page = await reportPage({ title: `Marquee on ${ratingsPath}`, results, reports })
  await writeParts(reportPath, [page])
}

async function splitsOf(
  { ratings: path, test, columns, folds, specs }: Wanted,
  log: RefusalLog,
): Promise<TestSplit[]> {
  const ratings = await read(path, columns, log)
  if (test !== undefined) return [{ train: ratings, test: await read(test, columns, log) }]
  const spec = specs[0]!
  const splits =
    folds === undefined
      ? [splitRatings(ratings, spec)]
      : foldSplits(ratings.rating.length, folds, spec.seed)
  return splits.map(({ kept, heldOut }) => ({
    train: pickRows(ratings, kept),
    test: pickRows(ratings, heldOut),
  }))
}

function planOf({ train, test }: TestSplit, spec: TrainingSpec, backend: BackendPreference) {
  return planEvaluation({ ...sizesOf(train), test: test.rating.length }, spec, backend)
}

async function read(
  path: string,
  columns: GivenColumns | undefined,
  log: RefusalLog,
): Promise<Ratings> {
  const { ratings, ...reading } = await readRatingsFile(path, columns)
  log(path, reading)
  return ratings
}

/** Of a training with more epochs than that, only some are printed. */
const mostLines = 50

function createHooks(
  { specs, folds, json }: Wanted,
  fold: number,
  splits: number,
  bar: ProgressBar,
  meter: ProgressMeter,
) {
  return (spec: TrainingSpec) => {
    const algorithm = specs.length === 1 ? '' : `${spec.algorithm}  `
    const label = `${algorithm}${folds === undefined ? '' : `fold ${fold + 1}/${splits}  `}`
    return {
      onEpoch(report: Parameters<typeof epochLine>[1]) {
        bar.clear()
        const isShown = report.epoch % Math.ceil(report.epochs / mostLines) === 0
        if (!json && (isShown || report.epoch === report.epochs))
          process.stdout.write(epochLine(label, report))
      },
      meter,
    }
  }
}
