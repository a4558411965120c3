import { argumentsFor, commandLine, evaluate, inPairs } from './evaluate.ts'
import type { Recipe } from './recipes.ts'

/** The NDCG@10 of each seed on one data set and split. */
export type Lists = {
  readonly what: string
  readonly command: string
  readonly relevance: readonly number[]
  readonly rating: readonly number[]
  readonly popularity: readonly number[]
}

/** Another algorithm would have the same lists by relevance. */
const recipe: Recipe = { algorithm: 'dot-bias', settings: {} }

const cases = [
  { data: 'ml-100k', split: 'random' },
  { data: 'ml-100k', split: 'user-time' },
  { data: 'ml-latest-small-2018', split: 'random' },
] as const

/** Trains with the defaults and measures lists in both orders, beside popularity. */
export async function measureLists(seeds: readonly number[]): Promise<Lists[]> {
  const measured: Lists[] = []
  for (const { data, split } of cases) {
    const base = [...argumentsFor(data, recipe), '--split', split]
    const runs = await inPairs(seeds, async (seed) => {
      const args = [...base, '--seed', String(seed)]
      const [byRelevance, ...rest] = await evaluate(args)
      const [byRating] = await evaluate([...args, '--order-by', 'rating'])
      const popularity = rest.find(({ algorithm }) => algorithm === 'popularity')!
      return [byRelevance!, byRating!, popularity].map((result) => result['ndcg@10']!)
    })
    measured.push({
      what: `${data}, ${split === 'random' ? 'random 20 %' : "each user's last 20 %"}`,
      command: commandLine([...base, '--seed', String(seeds[0])]),
      relevance: runs.map(([relevance]) => relevance!),
      rating: runs.map(([, rating]) => rating!),
      popularity: runs.map(([, , popularity]) => popularity!),
    })
  }
  return measured
}

/** The NDCG of lists as a document in Markdown. */
export function listsDocument(lists: readonly Lists[], seeds: readonly number[]): string {
  const rows = lists.map(({ what, relevance, rating, popularity }) =>
    [what, spread(relevance), spread(rating), spread(popularity)].join(' | '),
  )
  return `# How good the lists are

Written by \`npm run bench:lists\`; do not edit it by hand. Means over the seeds ${seeds.join(', ')}, which
draw the random split, the initial values and the order of the batches, ± their standard deviation.

NDCG@10 over all movies that a user did not like in training, higher is better; a held-out rating of 4
or more is a like. One setting for all, the defaults of \`ranking\`.

| data | by relevance, as served | by predicted rating | popularity |
|---|---|---|---|
${rows.map((row) => `| ${row} |`).join('\n')}

\`\`\`sh
${lists.map(({ command }) => command).join('\n')}    # and --order-by rating
\`\`\`
`
}

function spread(sample: readonly number[]): string {
  const mean = sample.reduce((sum, value) => sum + value, 0) / sample.length
  const squares = sample.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return `${mean.toFixed(4)} ± ${Math.sqrt(squares / (sample.length - 1)).toFixed(4)}`
}
