import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { type Algorithm, algorithms, trainingSpecSchema } from '../src/model/spec/training-spec.ts'
import { measureModel } from '../src/training/evaluation/measure-model.ts'
import { fitModel } from '../src/training/fit/fit-model.ts'
import { createPulse } from '../src/training/pulse.ts'
import { prepareTrainingData } from '../src/training/splitting/training-data.ts'
import { dataSetsFolder } from './accuracy/evaluate.ts'
import { dataSets, type Split } from './defaults/sets.ts'

// npm run bench:defaults [-- --algorithms dot-bias,net --sets Flixster --rows rows.txt --write docs/DEFAULTS.md],
// with DATA_SETS naming the folder of the data sets; a set is taken whose name begins so. What is in the
// file of rows is done, and what is done is added to it.
process.chdir(fileURLToPath(new URL('../', import.meta.url)))
const { values } = parseArgs({
  options: {
    algorithms: { type: 'string', default: 'bayes,dot-bias,dot,net' },
    sets: { type: 'string', default: '' },
    rows: { type: 'string' },
    write: { type: 'string' },
  },
})
const wanted = algorithms.filter((name) => values.algorithms.split(',').includes(name))

/** RMSE of an algorithm with its defaults, and of the damped biases, on the same held-out rows. */
async function measure(algorithm: Algorithm, { train, test }: Split) {
  const spec = trainingSpecSchema.parse({ algorithm, ranking: null })
  const pulse = createPulse()
  const data = prepareTrainingData(train, test, spec)
  const fit = await fitModel({ data, spec, backend: 'wasm' }, pulse)
  const measuring = { ...fit, train, test, lists: null, seed: spec.seed }
  const { errors, baselines } = await measureModel(measuring, pulse)
  return { rmse: errors.rmse, biases: baselines!['bias-only'].rmse }
}

type Measured = Awaited<ReturnType<typeof measure>>

function meanOf(measured: readonly Measured[], name: keyof Measured): number {
  return measured.reduce((sum, one) => sum + one[name], 0) / measured.length
}

const path = values.rows
const done = path && existsSync(path) ? readFileSync(path, 'utf8').split('\n') : []

const lines: string[] = []
for await (const { name, splits } of dataSets(dataSetsFolder)) {
  if (!name.startsWith(values.sets)) continue
  const before = done.find((line) => line.startsWith(`| ${name} |`))
  if (before) {
    lines.push(before)
    continue
  }
  const cells: string[] = []
  let biases = Number.NaN
  for (const algorithm of wanted) {
    const measured = []
    for (const split of splits) measured.push(await measure(algorithm, split))
    biases = meanOf(measured, 'biases')
    const figure = meanOf(measured, 'rmse').toFixed(4)
    cells.push(Number(figure) > Number(biases.toFixed(4)) ? `**${figure}**` : figure)
  }
  const size = splits[0]!.train.rating.length.toLocaleString('en')
  lines.push(`| ${[name, size, biases.toFixed(4), ...cells].join(' | ')} |`)
  process.stderr.write(`${lines.at(-1)}\n`)
  if (path) appendFileSync(path, `${lines.at(-1)}\n`)
}

const asked = wanted.length === algorithms.length ? '' : ` -- --algorithms ${wanted.join(',')}`
const text = `# Defaults on data unlike MovieLens

Written by \`npm run bench:defaults${asked}\`, about fifteen minutes; do not edit it by hand.

RMSE on held-out ratings, with the defaults of each algorithm, beside the damped biases μ + b_u + b_m; lower is
better, and **worse than the biases** stands out. Settings that follow from the data were fitted on inner splits
of training rows, see \`src/training/fit/settle-spec.ts\`. Of fewer than 64,000 training ratings what is kept
of the learnt beside the biases is what inner fits show to be more than chance (\`learntShare\` on the card),
often nothing. × 20 is the same ratings in another unit. Thinned: so many of the training ratings, of which a
fifth is held out, as where there is no test file; the means of five such draws, seeds 42 to 46, since the luck
of one is larger than what there is to see.

| data | training ratings | biases | ${wanted.join(' | ')} |
|---|---|---|${wanted.map(() => '---|').join('')}
${lines.join('\n')}

\`\`\`sh
npm run bench:defaults    # DATA_SETS names the folder of the data sets
bin/marquee evaluate --ratings flixster/train.csv --test flixster/test.csv --algorithm dot-bias
bin/marquee generate --out generated.csv --ratings 200000 --users 20000 --movies 100000
\`\`\`
`
if (values.write) await writeFile(values.write, text)
else process.stdout.write(text)
