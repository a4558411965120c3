import { ratingRows } from '../../src/model/movie-rows.ts'
import { compileKernels } from '../../src/numeric/kernels/kernels.ts'
import { openProductIndex } from '../../src/numeric/search/product-index.ts'
import { topN } from '../../src/numeric/search/top-n.ts'
import { modelOf } from './make-stores.ts'

export type SearchFigures = {
  readonly movies: number
  readonly factors: number
  /** Milliseconds of CPU, medians over the users. */
  readonly exact: number
  readonly exact100: number
  readonly full: number
  readonly scoresAlone: number
  readonly users: number
  /** Users whose two lists of ten are the same. */
  readonly same: number
}

const users = 200

/** The exact search beside the full SIMD scan, users taking turns: one process for each store. */
async function measureSearch(folder: string): Promise<SearchFigures> {
  const model = await modelOf(folder)
  const { movieFactors, movieBias } = model
  const kernels = await compileKernels()
  const index = openProductIndex(kernels, ratingRows(model)!, movieFactors, movieBias)
  const { columns, data, rows } = model.userFactors
  const scores = new Float32Array(model.movies.size)
  const times = { exact: [], exact100: [], full: [], scoresAlone: [] } as Record<string, number[]>
  let same = 0
  // The first of two rounds warms up.
  for (let i = 0; i < 2 * users; i++) {
    const user = Math.floor((((i % users) + 0.5) * rows) / users)
    const vector = data.subarray(user * columns, (user + 1) * columns)
    const query = { vector, offset: model.userBias![user]! }
    let exact: number[] = []
    let full: number[] = []
    const figures = {
      exact: cpuMs(() => (exact = index.search(query, 10, null))),
      exact100: cpuMs(() => index.search(query, 100, null)),
      scoresAlone: cpuMs(() => index.scoreAll(query, scores)),
      full: cpuMs(() => {
        index.scoreAll(query, scores)
        full = topN(scores, 10)
      }),
    }
    if (i < users) continue
    for (const [name, ms] of Object.entries(figures)) times[name]!.push(ms)
    // The scan is in single precision: where two scores differ by less, their order may differ.
    if (
      full.every((movie, at) => isNear(index.score(query, movie), index.score(query, exact[at]!)))
    )
      same += 1
  }
  const median = (name: string) => times[name]!.sort((a, b) => a - b)[users / 2]!
  return {
    movies: model.movies.size,
    factors: columns,
    exact: median('exact'),
    exact100: median('exact100'),
    full: median('full'),
    scoresAlone: median('scoresAlone'),
    users,
    same,
  }
}

function isNear(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-5
}

function cpuMs(work: () => void): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1_000
}

process.stdout.write(`${JSON.stringify(await measureSearch(process.argv[2]!))}\n`)
