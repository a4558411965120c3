import type { EpochReport } from '../../model/epoch-report.ts'
import { exceeds } from '../../training/evaluation/error-metrics.ts'
import type { Result } from './results.ts'

/**
 * One line for an epoch that has ended; `label` says of which training, '' where there is only one.
 */
export function epochLine(label: string, report: EpochReport): string {
  const { epoch, epochs, trainMse, validMse, ratingsPerSecond, seconds } = report
  const heldOut = validMse === null ? '' : `  held-out MSE ${validMse.toFixed(4)}`
  const speed = Math.round(ratingsPerSecond).toLocaleString('en')
  return `${label}epoch ${epoch}/${epochs}  training MSE ${trainMse.toFixed(4)}${heldOut}  ${speed} ratings/s  ${seconds.toFixed(1)} s\n`
}

type Column<Row = Result> = readonly [title: string, cell: (row: Row) => string]

const digits =
  (name: keyof Result, places = 4) =>
  (result: Result) => {
    const value = result[name] as number | null
    return value === null ? '–' : value.toFixed(places)
  }

const errorColumns: readonly Column[] = [
  ['algorithm', ({ algorithm }) => algorithm],
  ['engine/backend', ({ engine, backend }) => (engine ? `${engine}/${backend}` : '')],
  ['RMSE', digits('rmse')],
  ['MSE', digits('mse')],
  ['MAE', digits('mae')],
  ['rows', digits('rows', 0)],
  ['seconds', digits('trainSeconds', 2)],
  ['seed', ({ seed }) => String(seed)],
]

const rankingColumns: readonly Column[] = [
  ['first ten of all unseen', ({ algorithm }) => algorithm],
  ['NDCG', digits('ndcg@10')],
  ['recall', digits('recall@10')],
  ['precision', digits('precision@10')],
  ['MAP', digits('map@10')],
  ['hits', digits('hit@10')],
  ['coverage', digits('coverage')],
  ['novelty', digits('novelty', 2)],
]

const warmthColumns: readonly Column[] = [
  ['RMSE of pairs', ({ algorithm }) => algorithm],
  ['warm', digits('warmRmse')],
  ['rows', digits('warmRows', 0)],
  ['user unseen', digits('coldUserRmse')],
  ['rows', digits('coldUserRows', 0)],
  ['movie unseen', digits('coldMovieRmse')],
  ['rows', digits('coldMovieRows', 0)],
]

const intervalColumns: readonly Column[] = [
  ['intervals of level 0.9', ({ algorithm }) => algorithm],
  ['covered', digits('interval90Covered')],
  ['width', digits('interval90Width', 2)],
  ['users under 30', digits('interval90FewCovered')],
  ['rows', digits('interval90FewRows', 0)],
]

/** A sentence for each trained model with a higher RMSE than the damped biases on the same rows. */
function losses(results: readonly Result[]): string[] {
  const biases = results.find(({ algorithm }) => algorithm === 'bias-only')?.rmse ?? null
  return results
    .filter(
      ({ engine, rmse }) => engine && rmse !== null && biases !== null && exceeds(rmse, biases),
    )
    .map(({ algorithm }) => `\n${algorithm} loses to the damped biases (bias-only).\n`)
}

/**
 * Errors, ranking, errors by what training has seen of a pair, and intervals: four tables, what
 * loses to the damped biases, and a table for each measure of `--also`.
 */
export function printResults(results: readonly Result[]): string {
  const trained = results.filter((result) => result.interval90Covered !== null)
  return [errorColumns, rankingColumns, warmthColumns]
    .map((columns) => `\n${table(columns, results)}\n`)
    .concat(
      `
${table(intervalColumns, trained)}
`,
      losses(results),
    )
    .concat(results.flatMap(alsoTables), likes(results))
    .join('')
}

/** What the lists take for a like; under --folds that of the first. */
function likes(results: readonly Result[]): string {
  const [trained] = results.flatMap((result) => [result, ...(result.folds ?? [])].filter(isOnScale))
  if (!trained) return ''
  const { likedFrom, ratingScale } = trained
  const [lowest, highest] = ratingScale!
  return `\nLiked is what has ${likedFrom} or more on the scale of the ratings, ${lowest} to ${highest}.\n`
}

function isOnScale({ ratingScale }: Pick<Result, 'ratingScale' | 'likedFrom'>): boolean {
  return ratingScale !== undefined
}

/** A table for each measure of `--also`. */
function alsoTables({ algorithm, also = {} }: Result): string[] {
  return Object.entries(also).map(([name, rows]) => {
    const { of: _, ...figures } = rows[0]!
    const columns = Object.keys(figures).map(
      (figure): Column<(typeof rows)[number]> => [figure, (row) => cellOf(row[figure]!)],
    )
    return `\n${table([[`${algorithm}: ${name}`, ({ of }) => of], ...columns], rows)}\n`
  })
}

function cellOf(value: string | number | null): string {
  if (typeof value !== 'number') return value ?? '–'
  return Number.isInteger(value) ? String(value) : value.toFixed(4)
}

function table<Row>(columns: readonly Column<Row>[], results: readonly Row[]): string {
  const lines = [
    columns.map(([title]) => title),
    ...results.map((result) => columns.map(([, cell]) => cell(result))),
  ]
  const widths = columns.map((_, i) => Math.max(...lines.map((line) => line[i]!.length)))
  const pad = (cell: string, i: number) =>
    i === 0 || columns[i]![0] === 'engine/backend'
      ? cell.padEnd(widths[i]!)
      : cell.padStart(widths[i]!)
  return lines.map((line) => line.map(pad).join('  ').trimEnd()).join('\n')
}
