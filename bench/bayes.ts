import { writeFile } from 'node:fs/promises'
import { availableParallelism, cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { Result } from '../src/cli/evaluate/results.ts'
import { commandLine, evaluate } from './accuracy/evaluate.ts'
import { sweepSpeed } from './bayes/sweep-speed.ts'

// Writes docs/BAYES.md: npm run bench:bayes, with DATA_SETS naming the folder of the data sets; with
// `-- --sweeps` it prints the speed of sweeps and writes nothing.
process.chdir(fileURLToPath(new URL('../', import.meta.url)))
const { values } = parseArgs({
  options: { write: { type: 'string' }, sweeps: { type: 'boolean', default: false } },
})
const ids = ['--set', 'bagOfMovies=false', '--set', 'bagOfUsers=false', '--set', 'attributes=false']
const of = (data: string) => ['--ratings', data]
const known = ['--movies', 'ml-100k/u.item', '--users', 'ml-100k/u.user']
const folds = [1, 2, 3, 4, 5].map((fold) => [
  ...of(`ml-100k/u${fold}.base`),
  ...['--test', `ml-100k/u${fold}.test`],
])
const byUser = [...of('ml-100k'), '--split', 'user-time']
const byTime = [...of('ml-100k'), '--split', 'global-time']
const small2018 = [...of('ml-latest-small-2018'), '--folds', '5', '--seed', '1']
const small2016 = [...of('ml-latest-small-2016'), '--valid', '0.2', '--seed', '42']

/** Each row is the mean over its splits. */
const rows: readonly { name: string; splits: readonly string[][]; more?: readonly string[] }[] = [
  { name: "ML-100K, GroupLens' five folds, ids alone", splits: folds, more: ids },
  { name: "ML-100K, GroupLens' five folds", splits: folds },
  { name: "ML-100K, GroupLens' five folds, with attributes", splits: folds, more: known },
  { name: 'ML-100K, u1', splits: [folds[0]!] },
  { name: 'ML-100K, u1, with attributes', splits: [folds[0]!], more: known },
  { name: "ML-100K, each user's last fifth", splits: [byUser] },
  { name: "ML-100K, each user's last fifth, with attributes", splits: [byUser], more: known },
  { name: 'ML-100K, one cut in time', splits: [byTime] },
  { name: 'ML-100K, one cut in time, with attributes', splits: [byTime], more: known },
  { name: 'ml-latest-small-2018, five folds, ids alone', splits: [small2018], more: ids },
  { name: 'ml-latest-small-2018, five folds', splits: [small2018] },
  { name: 'ml-latest-small-2016, a fifth', splits: [small2016] },
]

/** The results by their command: rows may share one. */
const results = new Map<string, readonly Result[]>()

async function resultOf(args: readonly string[]): Promise<readonly Result[]> {
  const command = commandLine(args)
  const result = results.get(command) ?? (await evaluate(args))
  if (!results.has(command)) process.stderr.write(`${command}\n`)
  results.set(command, result)
  return result
}

type Figure = 'rmse' | 'mse' | 'coldUserRmse' | 'coldMovieRmse' | 'compressionLoss' | 'trainSeconds'

/** The mean over the splits; a dash where one has no such figure. */
function mean(all: readonly (readonly Result[])[], of: string, figure: Figure, places = 4): string {
  const found = all.map((some) => some.find(({ algorithm }) => algorithm === of)?.[figure] ?? null)
  if (found.includes(null)) return '–'
  return (found.reduce((sum: number, value) => sum + value!, 0) / found.length).toFixed(places)
}

async function lineOf({ name, splits, more = [] }: (typeof rows)[number]): Promise<string> {
  const all: (readonly Result[])[] = []
  for (const split of splits) all.push(await resultOf([...split, '--algorithm', 'bayes', ...more]))
  const beside = (figure: Figure) =>
    `${mean(all, 'bayes', figure)} / ${mean(all, 'bias-only', figure)}`
  const cells = [
    ...[name, beside('rmse'), mean(all, 'bayes', 'mse')],
    ...[beside('coldUserRmse'), beside('coldMovieRmse')],
    ...[mean(all, 'bayes', 'compressionLoss', 5), mean(all, 'bayes', 'trainSeconds', 1)],
  ]
  const line = `| ${cells.join(' | ')} |`
  process.stderr.write(`${line}\n`)
  return line
}

/** Both models with one thread and with two, which take turns. */
async function speedTable(): Promise<string> {
  const speeds: string[] = []
  for (const hasBags of [false, true]) {
    const one = await sweepSpeed(hasBags, 1)
    const two = await sweepSpeed(hasBags, 2)
    const name = hasBags ? 'with both bags' : 'ids alone'
    const cells = [two.clockMs, two.cpuMs, two.pathMs, one.pathMs].map((ms) => ms.toFixed(0))
    speeds.push(`| ${[name, ...cells, (one.pathMs / two.pathMs).toFixed(2)].join(' | ')} |`)
    process.stderr.write(`${speeds.at(-1)}\n`)
  }
  return `A sweep over a million generated ratings (\`marquee generate\`), 32 numbers a row, medians of seven. Of the
longest thread is the CPU of the main thread and the longest other one, which other work on the machine moves
less than the clock; one thread has both in turn.

| model | ms by the clock, two threads | ms of CPU | of the longest thread | with one thread | one ÷ two |
|---|---|---|---|---|---|
${speeds.join('\n')}`
}

const lines: string[] = []
if (!values.sweeps) for (const row of rows) lines.push(await lineOf(row))
const speeds = await speedTable()

const document = `# What \`bayes\` reaches

Printed by \`npm run bench:bayes\`; do not edit it by hand. ${cpus()[0]?.model.trim()}, ${availableParallelism()} threads.

Errors on held-out ratings, beside those of damped biases on the same rows; cold are the rows of users, or
movies, that the training has not seen. "Lost" is the RMSE of the saved vectors less that of the average
that they approximate. Seconds are of one training.

| data, split | RMSE / biases | MSE | cold users / biases | cold movies / biases | lost | seconds |
|---|---|---|---|---|---|---|
${lines.join('\n')}

${speeds}

\`\`\`sh
${[...results.keys()].join('\n')}
\`\`\`
`
process.stdout.write(values.sweeps ? `${speeds}\n` : document)
if (values.write && !values.sweeps) await writeFile(values.write, document)
