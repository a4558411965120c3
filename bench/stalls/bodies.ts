import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { ZipFile } from 'yazl'
import { createRandom } from '../../src/numeric/random/random.ts'

const header = 'userId,movieId,rating,timestamp\n'
const linesAtOnce = 20_000

/** Lines of CSV, some thousands a piece; `block` is the number of the piece. */
function* pieces(lines: number, piece: (block: number) => string): Generator<string> {
  yield header
  for (let block = 0; block * linesAtOnce < lines; block++) yield piece(block)
}

const linesOf = (line: (i: number) => string) => (block: number) => {
  let text = ''
  for (let i = block * linesAtOnce; i < (block + 1) * linesAtOnce; i++) text += line(i)
  return text
}

const time = (i: number) => 1_000_000_000 + i

/** Ratings of 50,000 users and 20,000 movies with each field in quotes. */
export const quotedRows = (rows: number) =>
  pieces(
    rows,
    linesOf(
      (i) =>
        `"${1 + (i % 50_000)}","${1 + ((i * 7_919) % 20_011)}","${1 + (i % 5)}","${time(i)}"\n`,
    ),
  )

/** Ratings that are each of a user and a movie whom no other line names: two new ids a row. */
export const distinctIds = (ids: number) =>
  pieces(
    ids / 2,
    linesOf((i) => `user-${i},movie-${i},${1 + (i % 5)},${time(i)}\n`),
  )

/** Ratings that pack to a little over a ninetieth of their size: some repeated lines, then others. */
export function packedRows(rows: number): Generator<string> {
  const random = createRandom(1)
  const repeats = 100
  return pieces(rows, () => {
    const lines = Array.from({ length: linesAtOnce / repeats }, () => {
      return `${random.below(200_000)},${random.below(60_000)},${1 + random.below(5)},1\n`
    })
    return lines.join('').repeat(repeats)
  })
}

export const writeText = (path: string, text: Iterable<string>) =>
  pipeline(Readable.from(text), createWriteStream(path))

/** A zip of one `ratings.csv`. */
export async function writeZip(path: string, text: Iterable<string>): Promise<void> {
  const zip = new ZipFile()
  zip.addReadStream(Readable.from(text), 'ratings.csv')
  zip.end()
  await pipeline(zip.outputStream, createWriteStream(path))
}
