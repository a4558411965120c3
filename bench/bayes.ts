import { writeFile } from 'node:fs/promises'
import { availableParallelism, cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import type { Result } from '../src/cli/evaluate/results.ts'
import { trainingSpecSchema } from '../src/model/training-spec.ts'
import { generateRatings } from '../src/training/generated-ratings.ts'
import { createPulse } from '../src/training/pulse.ts'
import { createSimdEngine } from '../src/training/simd/simd-engine.ts'
import { commandLine, evaluate } from './accuracy/evaluate.ts'

// Writes docs/BAYES.md: npm run bench:bayes [-- FOLDER], FOLDER holding the data sets.
process.chdir(fileURLToPath(new URL('../', import.meta.url)))
const folder = process.argv[2] ?? process.env['MARQUEE_DATA'] ?? '../shared/data'
const ids = ['--set', 'bagOfMovies=false', '--set', 'bagOfUsers=false', '--set', 'attributes=false']
const of = (data: string) => ['--ratings', `${folder}/${data}`]
const folds = [1, 2, 3, 4, 5].map((fold) => [
  ...of(`ml-100k/u${fold}.base`),
  ...['--test', `${folder}/ml-100k/u${fold}.test`],
])
/** Each row is the mean over its splits. */
const rows: readonly { name: string; splits: readonly string[][]; sets?: readonly string[] }[] = [
  { name: "ML-100K, GroupLens' five folds, ids alone", splits: folds, sets: ids },
  { name: "ML-100K, GroupLens' five folds", splits: folds },
  { name: 'ML-100K, u1', splits: [folds[0]!] },
  { name: "ML-100K, each user's last fifth", splits: [[...of('ml-100k'), '--split', 'user-time']] },
  { name: 'ML-100K, one cut in time', splits: [[...of('ml-100k'), '--split', 'global-time']] },
  {
    name: 'ml-latest-small-2018, five folds, ids alone',
    splits: [[...of('ml-latest-small-2018'), '--folds', '5', '--seed', '1']],
    sets: ids,
  },
  {
    name: 'ml-latest-small-2018, five folds',
    splits: [[...of('ml-latest-small-2018'), '--folds', '5', '--seed', '1']],
  },
  {
    name: 'ml-latest-small-2016, a fifth',
    splits: [[...of('ml-latest-small-2016'), '--valid', '0.2', '--seed', '42']],
  },
]

const lines: string[] = []
const commands: string[] = []
for (const { name, splits, sets = [] } of rows) {
  const results: Result[][] = []
  for (const split of splits) {
    const args = [...split, '--algorithm', 'bayes', ...sets]
    results.push(await evaluate(args))
    commands.push(`${commandLine(args)}    # ${name}`)
  }
  const mean = (
    algorithm: string,
    figure: 'rmse' | 'mse' | 'trainSeconds' | 'coldUserRmse' | 'coldMovieRmse',
  ) => {
    const values = results.map(
      (each) => each.find((result) => result.algorithm === algorithm)![figure],
    )
    if (values.includes(null)) return '–'
    return (values.reduce((sum: number, value) => sum + value!, 0) / values.length).toFixed(4)
  }
  const beside = (figure: 'rmse' | 'coldUserRmse' | 'coldMovieRmse') =>
    `${mean('bayes', figure)} / ${mean('bias-only', figure)}`
  lines.push(
    `| ${name} | ${beside('rmse')} | ${mean('bayes', 'mse')} | ${beside('coldUserRmse')} | ${beside('coldMovieRmse')} | ${Number(mean('bayes', 'trainSeconds')).toFixed(1)} |`,
  )
  process.stderr.write(`${lines.at(-1)}\n`)
}

await writeFile(
  'docs/BAYES.md',
  `# What \`bayes\` reaches

Written by \`npm run bench:bayes\`; do not edit it by hand. ${cpus()[0]?.model.trim()}, ${availableParallelism()} threads.

Errors on held-out ratings, beside those of damped biases on the same rows; cold are the rows of users, or
movies, that the training has not seen. Seconds are of one training.

| data, split | RMSE / biases | MSE | cold users / biases | cold movies / biases | seconds |
|---|---|---|---|---|---|
${lines.join('\n')}

${await speed()}

\`\`\`sh
${commands.join('\n')}
\`\`\`
`,
)

/** The time of sweeps over a million generated ratings. */
async function speed(): Promise<string> {
  const { ratings } = generateRatings({ ratings: 1_000_000, users: 6_500, movies: 2_400, seed: 1 })
  const engine = await createSimdEngine()
  const said: string[] = []
  for (const hasBags of [false, true]) {
    const spec = trainingSpecSchema.parse({
      ...{ algorithm: 'bayes', factors: 31, burnIn: 2, sweeps: 12 },
      ...{ bagOfMovies: hasBags, bagOfUsers: hasBags },
    })
    const trainer = engine.createTrainer({ spec, rows: ratings, ratingRange: null })
    const seconds: number[] = []
    for (let epoch = 0; epoch < 14; epoch++) {
      const start = performance.now()
      const ratesAt = () => ({ learningRate: 0, momentum: 0 })
      await trainer.trainEpoch({ epoch, ratesAt, pulse: createPulse() })
      seconds.push((performance.now() - start) / 1_000)
    }
    trainer.dispose()
    const median = seconds.slice(4).sort((a, b) => a - b)[5]!
    said.push(`${median.toFixed(3)} s ${hasBags ? 'with both bags' : 'for ids alone'}`)
  }
  return `A sweep over a million generated ratings (\`marquee generate\`), 32 numbers a row: ${said.join(', ')} (median of ten).`
}
