import type { BatchFormat, BatchSpec } from '../../model/spec/batch-spec.ts'
import type { PartRow } from '../../storage/batches/parquet-part.ts'
import { explainedList } from '../lists/explained-list.ts'
import { type Pair, type PairAnswer, predictBatch } from '../predict.ts'
import { profileOf } from '../profile.ts'
import type { Snapshot } from '../snapshot.ts'

/** Lines of a part, and how many lists or predictions they are of. */
export type Written = { readonly text: string; readonly rows: number }

export type BatchItems = readonly string[] | readonly Pair[]

const listHeader = 'userId,rank,movieId,rating,score,basis\n'
const predictionHeader = 'userId,movieId,rating,basis,lowest,highest\n'

/** The first line of each part; none but of CSV. */
export function headerOf({ format, predict }: BatchSpec): string {
  if (format !== 'csv') return ''
  return predict ? predictionHeader : listHeader
}

/**
 * Writes what the API answers: of each user a list, from the same function, or predictions. Lines
 * begin with the user's id, so that an erasure finds them. For Parquet each is a row of it in JSON.
 */
export function createLineWriter(
  snapshot: Snapshot,
  { format, list, predict }: BatchSpec,
): (items: BatchItems) => Promise<Written> {
  const wanted = { ...defaultList, ...list }
  const [listOf, predictionOf] = writers[format]
  const predictions = async (pairs: readonly Pair[]): Promise<Written> => {
    const answers = await predictBatch(() => snapshot, pairs, predict?.interval)
    const text = answers.map(predictionOf).join('')
    return { text, rows: pairs.length }
  }
  return async (items) => {
    if (isPairs(items)) return predictions(items)
    if (predict) {
      const { movieIds = [] } = predict
      return predictions(
        items.flatMap((userId) => movieIds.map((movieId) => ({ userId, movieId }))),
      )
    }
    let [text, rows] = ['', 0]
    for (const userId of items) {
      const profile = await profileOf(snapshot, userId)
      const lines = listOf(userId, await explainedList(snapshot, profile, wanted))
      text += lines
      // A list without a movie has no line but in NDJSON.
      rows += Number(lines !== '')
    }
    return { text, rows }
  }
}

const defaultList = {
  n: 10,
  orderBy: 'relevance',
  excludeRated: true,
  excludeDisliked: true,
} as const

type List = Awaited<ReturnType<typeof explainedList>>

function jsonList(userId: string, { basis, orderBy, items }: List): string {
  const movies = items.map(({ movieId, rating, score, because }) =>
    because ? { movieId, rating, score, because } : { movieId, rating, score },
  )
  return jsonLine({ userId, basis, orderBy, items: movies })
}

function jsonLine(value: object): string {
  return `${JSON.stringify(value)}\n`
}

function csvList(userId: string, { basis, items }: List): string {
  const user = csvField(userId)
  let text = ''
  for (const [i, { movieId, rating, score }] of items.entries())
    text += `${user},${i + 1},${csvField(movieId)},${rating},${score},${basis}\n`
  return text
}

function rowList(userId: string, { basis, items }: List): string {
  const row = ({ movieId, rating, score }: List['items'][number], i: number) =>
    jsonLine({ userId, rank: i + 1, movieId, rating, score, basis } satisfies PartRow)
  return items.map(row).join('')
}

/** Of a movie that nobody knows all but the ids is null. */
function rowPrediction({ userId, movieId, ...answer }: PairAnswer): string {
  const { rating = null, basis = null, interval } = 'error' in answer ? {} : answer
  const { lowest = null, highest = null } = interval ?? {}
  return jsonLine({ userId, movieId, rating, basis, lowest, highest } satisfies PartRow)
}

const writers = {
  ndjson: [jsonList, jsonLine],
  csv: [csvList, csvPrediction],
  parquet: [rowList, rowPrediction],
} as const satisfies Record<
  BatchFormat,
  [(userId: string, list: List) => string, (answer: PairAnswer) => string]
>

/** Of a movie that nobody knows all but the ids is empty. */
function csvPrediction({ userId, ...answer }: PairAnswer): string {
  const ids = `${csvField(userId)},${csvField(answer.movieId)}`
  if ('error' in answer) return `${ids},,,,\n`
  const { lowest, highest } = answer.interval ?? { lowest: '', highest: '' }
  return `${ids},${answer.rating},${answer.basis},${lowest},${highest}\n`
}

/** RFC 4180: in quotes where it has a comma, a quote or a line break. */
export function csvField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

function isPairs(items: BatchItems): items is readonly Pair[] {
  return typeof items[0] === 'object'
}
