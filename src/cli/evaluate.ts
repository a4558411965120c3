import { constants } from 'node:fs'
import { access, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { MarqueeError } from '../errors.ts'
import type { Ratings } from '../model/data/ratings.ts'
import { pickRows } from '../model/data/ratings.ts'
import type { TrainingSpec } from '../model/spec/training-spec.ts'
import { readRatingsFile } from '../storage/ratings/read-ratings-file.ts'
import type { BackendPreference } from '../training/engines/engine.ts'
import { type Evaluation, evaluateSplit, type TestSplit } from '../training/evaluation/evaluate.ts'
import { reportOf } from '../training/report/report.ts'
import { foldSplits } from '../training/splitting/random-split.ts'
import { splitRatings } from '../training/splitting/split-ratings.ts'
import { type EvaluateArguments, readArguments } from './evaluate/arguments.ts'
import { epochLine, printResults } from './evaluate/print.ts'
import { type Result, resultsOf } from './evaluate/results.ts'
import { usage } from './evaluate/usage.ts'
import { createProgressBar, type ProgressBar } from './progress-bar.ts'
import { reportPage } from './report-page.ts'
import { readSideInformation } from './side-information.ts'

/**
 * Trains on a file and prints what was measured on held-out ratings beside simple predictors, as
 * tables or, with --json, as one object. A bad argument is an `invalid-request` error.
 */
export async function evaluateCommand(args: string[], backend: BackendPreference): Promise<void> {
  const wanted = readArguments(args)
  if (!wanted) {
    process.stdout.write(usage)
    return
  }
  if (wanted.reportPath !== undefined) await checkFolder(wanted.reportPath)
  const attributes = await readSideInformation(wanted.sidePaths)
  const splits = await splitsOf(wanted)
  const bar = createProgressBar(process.stderr)
  const evaluated: Evaluation[][] = []
  try {
    for (const [fold, split] of splits.entries()) {
      const hooksFor = createHooks(wanted, fold, splits.length, bar)
      evaluated.push(await evaluateSplit({ ...split, ...wanted, attributes, backend, hooksFor }))
    }
  } finally {
    bar.clear()
  }
  const results = resultsOf(evaluated, wanted.specs[0]!, wanted.folds !== null)
  if (wanted.reportPath !== undefined) await writeReport(wanted, results, evaluated)
  process.stdout.write(wanted.isJson ? `${JSON.stringify({ results })}\n` : printResults(results))
}

/** Before a training that may last, whether its report will have a place. */
async function checkFolder(reportPath: string): Promise<void> {
  await access(dirname(reportPath), constants.W_OK).catch((cause: unknown) => {
    throw unwritable(reportPath, cause)
  })
}

function unwritable(reportPath: string, cause: unknown): MarqueeError {
  return new MarqueeError('invalid-request', `The report cannot be written to ${reportPath}.`, {
    cause,
  })
}

/** Under --folds the pictures are those of the first fold. */
async function writeReport(
  { ratingsPath, reportPath = '' }: EvaluateArguments,
  results: readonly Result[],
  [first = []]: readonly Evaluation[][],
): Promise<void> {
  const reports = first.flatMap(({ trained }) =>
    trained ? reportOf(trained.fit, trained.measurement) : [],
  )
  const page = reportPage({ title: `Marquee on ${ratingsPath}`, results, reports })
  await writeFile(reportPath, page).catch((cause: unknown) => {
    throw unwritable(reportPath, cause)
  })
}

async function splitsOf({
  ratingsPath,
  testPath,
  folds,
  specs,
}: EvaluateArguments): Promise<TestSplit[]> {
  const ratings = await read(ratingsPath)
  if (testPath !== undefined) return [{ train: ratings, test: await read(testPath) }]
  const spec = specs[0]!
  const splits =
    folds === null
      ? [splitRatings(ratings, spec)]
      : foldSplits(ratings.rating.length, folds, spec.seed)
  return splits.map(({ kept, heldOut }) => ({
    train: pickRows(ratings, kept),
    test: pickRows(ratings, heldOut),
  }))
}

async function read(path: string): Promise<Ratings> {
  const { ratings, refused } = await readRatingsFile(path)
  if (refused > 0) process.stderr.write(`${path}: ${refused} lines could not be read.\n`)
  return ratings
}

/** Of a training with more epochs than that, only some are printed. */
const mostLines = 50

function createHooks(
  { specs, folds, isJson }: EvaluateArguments,
  fold: number,
  splits: number,
  bar: ProgressBar,
) {
  return (spec: TrainingSpec) => {
    const algorithm = specs.length === 1 ? '' : `${spec.algorithm}  `
    const label = `${algorithm}${folds === null ? '' : `fold ${fold + 1}/${splits}  `}`
    const done = fold * specs.length + specs.indexOf(spec)
    return {
      onEpoch(report: Parameters<typeof epochLine>[1]) {
        bar.clear()
        const isShown = report.epoch % Math.ceil(report.epochs / mostLines) === 0
        if (!isJson && (isShown || report.epoch === report.epochs))
          process.stdout.write(epochLine(label, report))
      },
      onProgress: (share: number) => bar.update((done + share) / (splits * specs.length)),
    }
  }
}
