import { parseArgs } from 'node:util'
import type { LearningRateSearch } from '../model/spec/learning-rate-search.ts'
import { readRatingsFile } from '../storage/ratings/read-ratings-file.ts'
import type { BackendPreference } from '../training/engines/engine.ts'
import { searchLearningRate } from '../training/learning-rate/search-learning-rate.ts'
import { createProgressBar } from './progress-bar.ts'
import { readSettings } from './settings.ts'
import { invalid, misused, readTraining } from './training-arguments.ts'

const usage =
  'marquee find-rate --ratings FILE-or-FOLDER [--algorithm dot-bias] [--engine auto] [--seed 42] [--valid 0.2] [--split random] [--set NAME=VALUE …] [--json]'

/**
 * Finds a learning rate on the training rows of a file and prints the loss at each rate with the
 * suggestion, as a picture or, with --json, as one object. A bad argument is an `invalid-request`.
 */
export async function findRateCommand(args: string[], backend: BackendPreference): Promise<void> {
  const { json, ...named } = parse(args)
  if (named.ratings === undefined) throw invalid(`--ratings is missing. Usage: ${usage}`)
  const { algorithm, set = [] } = named
  const spec = readTraining(algorithm, named, readSettings(set, [algorithm])(algorithm))
  if (spec.algorithm === 'bayes')
    throw invalid('Algorithm "bayes" has no learning rate to find; expected dot, dot-bias or net.')
  const { ratings } = await readRatingsFile(named.ratings)
  const bar = createProgressBar(process.stderr)
  try {
    const hooks = { onProgress: bar.update }
    const found = await searchLearningRate({ ratings, spec, backend, hooks })
    bar.clear()
    process.stdout.write(json ? `${JSON.stringify(found)}\n` : picture(found))
  } finally {
    bar.clear()
  }
}

function parse(args: string[]) {
  const text = { type: 'string' } as const
  try {
    return parseArgs({
      args,
      options: {
        ...{ ratings: text, engine: text, seed: text, valid: text, split: text },
        algorithm: { ...text, default: 'dot-bias' },
        set: { ...text, multiple: true },
        json: { type: 'boolean', default: false },
      },
    }).values
  } catch (cause) {
    throw misused(cause, `Usage: ${usage}`)
  }
}

const rowsShown = 20
const barWidth = 50

/** A bar for every fifth step or so, its length the loss; the suggested rate is marked. */
function picture({ points, suggestion }: LearningRateSearch): string {
  const highest = Math.max(...points.map(({ loss }) => loss))
  const stride = Math.ceil(points.length / rowsShown)
  const shown = points.filter(
    ({ learningRate }, i) => i % stride === 0 || learningRate === suggestion,
  )
  const lines = shown.map(({ learningRate, loss }) => {
    const bar = '█'.repeat(Math.max(1, Math.round((barWidth * loss) / highest)))
    const mark = learningRate === suggestion ? '  ◄ suggested' : ''
    return `${learningRate.toExponential(2).padStart(9)}  ${loss.toFixed(4).padStart(9)}  ${bar}${mark}\n`
  })
  return `     rate       loss\n${lines.join('')}\nsuggested learning rate: ${suggestion.toPrecision(3)}\n`
}
