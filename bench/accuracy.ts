import { mkdir, writeFile } from 'node:fs/promises'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chooseSetting } from './accuracy/choose-setting.ts'
import { type Best, documentOf, type Measured } from './accuracy/document.ts'
import { argumentsFor, evaluate, inPairs } from './accuracy/evaluate.ts'
import {
  type DataSet,
  dataSets,
  notebooks,
  type Recipe,
  type Row,
  rows,
} from './accuracy/recipes.ts'

// Writes docs/ACCURACY.md: npm run bench:accuracy, with DATA_SETS naming the folder of the data sets.
const root = fileURLToPath(new URL('../', import.meta.url))
process.chdir(root)
const seeds = [42, 43, 44, 45, 46]

const chosen = new Map<DataSet, Awaited<ReturnType<typeof chooseSetting>>>()
for (const data of dataSets) {
  chosen.set(data, await chooseSetting(data, seeds))
  log(`chose for ${data}: ${JSON.stringify(chosen.get(data))}`)
}

type Run = { readonly data: DataSet; readonly recipe: Recipe; readonly seed: number }
const wanted: Omit<Run, 'seed'>[] = [...chosen].map(([data, { recipe }]) => ({ data, recipe }))
for (const { data, recipe } of rows)
  if (recipe && !wanted.some((run) => run.data === data && run.recipe === recipe))
    wanted.push({ data, recipe })
const runs: Run[] = wanted.flatMap((run) => seeds.map((seed) => ({ ...run, seed })))

let done = 0
const engines = new Set<string>()
const curves = await inPairs(runs, async ({ data, recipe, seed }) => {
  const args = [...argumentsFor(data, recipe), '--seed', String(seed)]
  const [result] = await evaluate(args)
  engines.add(`${result!.algorithm} ${result!.engine}/${result!.backend}`)
  const curve = result!.epochMse!.map((mse) => mse!)
  log(
    `${++done}/${runs.length}  ${args.join(' ')}  ${curve.map((mse) => mse.toFixed(4)).join(' ')}`,
  )
  return curve
})
const curvesOf = (data: DataSet, recipe: Recipe) =>
  curves.filter((_, i) => runs[i]!.data === data && runs[i]!.recipe === recipe)

const quick: Recipe = {
  algorithm: 'dot-bias',
  settings: { ...notebooks, factors: '1', epochs: '1' },
}
const biasOnly = await inPairs([1, 2, 3, 4, 5], async (fold) => {
  const path = `ml-100k/u${fold}`
  const results = await evaluate([...argumentsFor(`${path}.base`, quick), '--test', `${path}.test`])
  return results.find(({ algorithm }) => algorithm === 'bias-only')!.rmse!
})
const results = await evaluate([...argumentsFor('ml-100k', quick), '--seed', '42'])
const popularity = results.find(({ algorithm }) => algorithm === 'popularity')!

await mkdir('docs', { recursive: true })
await writeFile(
  'docs/ACCURACY.md',
  documentOf({
    measured: rows.map((row): Measured => ({ row, alike: alike(row) })),
    best: new Map(
      [...chosen].map(([data, choice]): [DataSet, Best] => {
        const mse = curvesOf(data, choice.recipe).map((curve) => curve.at(-1)!)
        return [data, { ...choice, mse }]
      }),
    ),
    biasOnly,
    popularity,
    seeds,
    engines: [...engines].sort(),
  }),
)
log(`wrote ${relative(process.cwd(), `${root}docs/ACCURACY.md`)}`)

function alike({ data, recipe, after }: Row) {
  if (!recipe || after === null) return null
  const pick = (curve: number[]) => (after === 'best' ? Math.min(...curve) : curve[after - 1]!)
  return curvesOf(data, recipe).map(pick)
}

function log(line: string): void {
  process.stderr.write(`${line}\n`)
}
