import type { LearningRateSearch } from '../model/spec/learning-rate-search.ts'
import { type SteppedAlgorithm, steppedSpecSchema } from '../model/spec/training-spec.ts'
import type { GivenColumns } from '../storage/ratings/columns/given-columns.ts'
import { readRatingsFile } from '../storage/ratings/read-ratings-file.ts'
import type { BackendPreference } from '../training/engines/engine.ts'
import { searchLearningRate } from '../training/learning-rate/search-learning-rate.ts'
import { createProgressMeter } from '../training/progress/meter.ts'
import { planRateSearch } from '../training/progress/plan-training.ts'
import { sizesOf } from '../training/progress/work.ts'
import { createRefusalLog } from './evaluate/refused-lines.ts'
import { createProgressBar } from './progress-bar.ts'
import { fieldsFor, parseSpec, type TrainingOptions } from './settings/parse-spec.ts'
import { readSettings } from './settings/read-settings.ts'

type FindRateOptions = TrainingOptions & {
  readonly ratings: string
  readonly columns?: GivenColumns
  readonly algorithm: SteppedAlgorithm
  readonly json?: boolean
}

/**
 * Finds a learning rate on the training rows of a file and prints the loss at each rate with the
 * suggestion, as a picture or, with --json, as one object. A bad setting is an `invalid-request`.
 */
export async function findRate(
  { ratings: path, columns, algorithm, set, json, ...options }: FindRateOptions,
  backend: BackendPreference,
): Promise<void> {
  const settings = readSettings(set, [algorithm])(algorithm)
  const spec = parseSpec(steppedSpecSchema, { algorithm, ...fieldsFor(options), ...settings })
  const { ratings, ...reading } = await readRatingsFile(path, columns)
  createRefusalLog()(path, reading)
  const bar = createProgressBar(process.stderr)
  try {
    const meter = createProgressMeter({ onChange: () => bar.update(meter.report()) })
    meter.plan(planRateSearch(sizesOf(ratings), spec))
    const hooks = { meter }
    const found = await searchLearningRate({ ratings, spec, backend, hooks })
    bar.clear()
    process.stdout.write(json ? `${JSON.stringify(found)}\n` : picture(found))
  } finally {
    bar.clear()
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
