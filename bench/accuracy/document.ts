import type { Result } from '../../src/cli/evaluate/results.ts'
import { argumentsFor, commandLine } from './evaluate.ts'
import { candidates, type DataSet, dataSets, type Recipe, type Row } from './recipes.ts'

/** The held-out MSE of each seed. */
export type Sample = readonly number[]

export type Measured = {
  readonly row: Row
  /** With the notebook's settings; null where there are none of ours. */
  readonly alike: Sample | null
}

export type Best = {
  readonly recipe: Recipe
  readonly innerMse: readonly number[]
  readonly mse: Sample
}

export type Findings = {
  readonly measured: readonly Measured[]
  readonly best: ReadonlyMap<DataSet, Best>
  /**
   * RMSE of the damped biases over u1 … u5, and popularity on ml-100k, as the field measures them.
   */
  readonly biasOnly: Sample
  readonly popularity: Result
  readonly seeds: readonly number[]
  /** What trained each algorithm, in words. */
  readonly engines: readonly string[]
}

/** The mean of a sample. There must be a value. */
export function mean(sample: Sample): number {
  return sample.reduce((sum, value) => sum + value, 0) / sample.length
}

/** Everything as Markdown. */
export function documentOf(findings: Findings): string {
  const { seeds, engines } = findings
  return `# Accuracy beside the notebooks

Written by \`npm run bench:accuracy\`; do not edit it by hand.

Every figure is a mean squared error on held-out ratings, lower is better. *Notebook* is what a notebook
printed, once, on its own random fifth. *Like for like* is this service with the same model, epochs,
rates, decay and split rule, as mean ± standard deviation over the seeds ${seeds.join(', ')}, each with a random
fifth of its own; the difference is that of the mean to the notebook. *Best* is the one setting of the
data set that is named below. "Best epoch" compares the lowest of all epochs on both sides, as the
notebook did; the epoch is not chosen so anywhere else. Trained by ${engines.join(', ')}.

${dataSets.map((data) => section(data, findings)).join('\n')}
${fieldSection(findings)}
${differences}`
}

function section(data: DataSet, findings: Findings): string {
  const best = findings.best.get(data)!
  const lines = findings.measured
    .filter(({ row }) => row.data === data)
    .map(({ row, alike }) => {
      const after =
        row.after === null ? '' : row.after === 'best' ? 'best epoch' : `epoch ${row.after}`
      const change = alike ? percent(mean(alike) / row.printed - 1) : ''
      return `| ${[row.what, after, row.printed.toFixed(4), alike ? spread(alike) : '–', change, spread(best.mse)].join(' | ')} |`
    })
  return `## ${data}

| model | after | notebook | like for like | difference | best |
|---|---|---|---|---|---|
${lines.join('\n')}

${bestSetting(data, findings)}

Each seed's figures are printed, epoch by epoch, by (with \`--seed\` ${findings.seeds.join(', ')}):

\`\`\`sh
${commandsOf(data, findings).join('\n')}
\`\`\`
`
}

function bestSetting(data: DataSet, { best, seeds }: Findings): string {
  const { innerMse, recipe } = best.get(data)!
  const tried = candidates.map(
    (candidate, i) => `${settingsText(candidate)}: ${innerMse[i]!.toFixed(4)}`,
  )
  return `Best setting: ${recipe.algorithm} with ${settingsText(recipe)}, chosen by the error on inner rows that
no seed holds out, after training on the rest of seed ${seeds[0]}'s training part (${tried.join('; ')}).`
}

function settingsText({ settings }: Recipe): string {
  return Object.entries(settings)
    .filter(([name]) => name !== 'preset')
    .map(([name, value]) => `${name} ${value}`)
    .join(', ')
}

function commandsOf(data: DataSet, { measured, best, seeds }: Findings): string[] {
  const recipes = new Set(
    measured.flatMap(({ row }) => (row.data === data && row.recipe ? [row.recipe] : [])),
  )
  const commandFor = (what: string, recipe: Recipe) =>
    `# ${what}\n${commandLine([...argumentsFor(data, recipe), '--seed', String(seeds[0])])}`
  return [
    ...[...recipes].map((recipe) => {
      const named = measured.filter(({ row }) => row.data === data && row.recipe === recipe)
      return commandFor([...new Set(named.map(({ row }) => row.what))].join('; '), recipe)
    }),
    commandFor('best', best.get(data)!.recipe),
  ]
}

function fieldSection({ biasOnly, popularity, seeds }: Findings): string {
  const folds = biasOnly.map((rmse) => rmse.toFixed(4)).join(', ')
  const figures = (['ndcg@10', 'recall@10', 'hit@10'] as const).map(
    (name) => `${name} ${popularity[name]!.toFixed(3)}`,
  )
  return `## Does the evaluator agree with the field?

Damped biases on ML-100K, GroupLens' five folds: RMSE ${folds}, mean **${mean(biasOnly).toFixed(4)}**
(published: 0.944 on five random folds). Popularity on a random fifth of ML-100K: ${figures.join(', ')}
(expected: 0.156, 0.113, 0.599).

\`\`\`sh
bin/marquee evaluate --ratings ml-100k/u1.base --test ml-100k/u1.test    # and u2 … u5
bin/marquee evaluate --ratings ml-100k --seed ${seeds[0]}
\`\`\`
`
}

const differences = `## What is not the same

- The random fifths are not the notebooks': their row numbers came from NumPy's and pandas' generators.
- The book's nets normalise batches (fast.ai's tabular model does); \`net\` here has no batch
  normalisation, and its embeddings start uniform in ±0.01 instead of truncated normal.
- fast.ai 0.7 drew dot-bias factors uniform in ±0.01, here they are normal with a deviation of 0.01.
- "No decay set" in the book is fast.ai's default for Adam, 0.01, and so it is here.
- What rate the one-cycle learner of 2018 was suggested is not known; here it is 0.005, with the
  default decay of 0.01 and five epochs.
`

function spread(sample: Sample): string {
  const centre = mean(sample)
  const variance =
    sample.reduce((sum, value) => sum + (value - centre) ** 2, 0) / Math.max(1, sample.length - 1)
  return `${centre.toFixed(4)} ± ${Math.sqrt(variance).toFixed(4)}`
}

function percent(share: number): string {
  return `${share < 0 ? '−' : '+'}${Math.abs(100 * share).toFixed(1)} %`
}
