import { parseArgs } from 'node:util'
import { pickRows, type Ratings } from '../src/model/data/ratings.ts'
import { algorithms, trainingSpecSchema } from '../src/model/spec/training-spec.ts'
import { createRandom, permutation } from '../src/numeric/random/random.ts'
import { readRatingsFile } from '../src/storage/ratings/read-ratings-file.ts'
import { modelErrors } from '../src/training/evaluation/error-metrics.ts'
import { fitModel } from '../src/training/fit/fit-model.ts'
import type { Fit } from '../src/training/fit-task.ts'
import { createPulse } from '../src/training/pulse.ts'
import { knownTo } from '../src/training/splitting/training-data.ts'
import { trainModel } from '../src/training/train.ts'
import { beginFrom } from '../src/training/warm-start/begin.ts'

/**
 * A training on all ratings that starts from vectors to which 5 % of them were unknown, beside a cold
 * one on the same rows: the RMSE on the rows that both hold out, the epochs (sweeps) and the CPU seconds
 * of the whole fit, its ranking included unless `--without-ranking`. `--new latest` takes the last 5 % by
 * time, with the users who came by then, instead of random ones.
 */
const { values } = parseArgs({
  options: {
    ratings: { type: 'string' },
    algorithm: { type: 'string', multiple: true, default: ['dot-bias', 'bayes'] },
    seeds: { type: 'string', default: '5' },
    new: { type: 'string', default: 'random' },
    'without-ranking': { type: 'boolean', default: false },
  },
})
if (!values.ratings) throw new Error('--ratings FILE is needed')
const { ratings } = await readRatingsFile(values.ratings)
const newShare = 0.05

/** All rows but the new ones. */
function withoutNew(seed: number): Ratings {
  const rows = permutation(ratings.rating.length, createRandom(seed, 'new'))
  const { timestamp } = ratings
  if (values.new === 'latest') rows.sort((a, b) => timestamp[b]! - timestamp[a]! || b - a)
  return pickRows(ratings, rows.slice(Math.floor(newShare * rows.length)).sort())
}

type Outcome = { rmse: number; epochs: number; seconds: number }

async function measured(fit: () => Promise<Fit>, heldOut: Ratings): Promise<Outcome> {
  const before = process.cpuUsage()
  const { model, run } = await fit()
  const { user, system } = process.cpuUsage(before)
  const { mse } = await modelErrors(model, knownTo(model, heldOut), createPulse())
  const seconds = (user + system) / 1e6
  return { rmse: Math.sqrt(mse), epochs: run.epochs.length, seconds }
}

function median(numbers: number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  const middle = (sorted.length - 1) / 2
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2
}

const row = (...cells: (string | number)[]) => process.stdout.write(`| ${cells.join(' | ')} |\n`)
const numbers = ({ rmse, epochs, seconds }: Outcome) => [
  rmse.toFixed(4),
  epochs,
  seconds.toFixed(2),
]

row(
  'algorithm',
  'seed',
  'cold RMSE',
  'epochs',
  'CPU s',
  'warm RMSE',
  'epochs',
  'CPU s',
  'difference',
)
row(...Array(9).fill('---'))
for (const algorithm of algorithms.filter((name) => values.algorithm.includes(name))) {
  const pairs: { cold: Outcome; warm: Outcome }[] = []
  for (let seed = 1; seed <= Number(values.seeds); seed++) {
    const ranking = values['without-ranking'] ? null : {}
    const spec = trainingSpecSchema.parse({ algorithm, seed, ranking, refit: false })
    const { fit } = await trainModel({ ratings: withoutNew(seed), spec, backend: 'auto' })
    const vectors = { spec: fit.run.spec, vectors: fit.start! }
    const { data } = beginFrom({ version: 'before', isRequired: true, ...vectors }, ratings, spec)
    const task = { data, spec, backend: 'auto' } as const
    const cold = await measured(() => fitModel(task, createPulse()), data.heldOut!)
    const warm = await measured(
      () => fitModel({ ...task, warm: vectors }, createPulse()),
      data.heldOut!,
    )
    pairs.push({ cold, warm })
    row(algorithm, seed, ...numbers(cold), ...numbers(warm), (warm.rmse - cold.rmse).toFixed(4))
  }
  const difference = median(pairs.map(({ cold, warm }) => warm.rmse - cold.rmse))
  const share = median(pairs.map(({ cold, warm }) => warm.seconds / cold.seconds))
  process.stdout.write(
    `${algorithm}: in the median the RMSE is ${difference.toFixed(4)} higher, after ${(100 * share).toFixed(0)} % of the CPU seconds.\n`,
  )
}
