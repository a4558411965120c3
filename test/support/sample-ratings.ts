import { open } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { readRatings } from '../../src/storage/ratings/read-ratings.ts'
import { archiveLimits } from '../../src/storage/zip/archive-limits.ts'
import { zipEntries } from '../../src/storage/zip/zip-entries.ts'

const sample = new URL('../../sample/ml-latest-small-2016.zip', import.meta.url)

/** What `read` makes of a file of the sample that is shipped. */
async function readSample<Made>(
  name: string,
  read: (bytes: AsyncIterable<Uint8Array>) => Promise<Made>,
): Promise<Made> {
  const file = await open(sample)
  try {
    const entries = await zipEntries(file, (await file.stat()).size, archiveLimits)
    const entry = entries.find((known) => known.name.endsWith(name))
    return await read(entry!.read())
  } finally {
    await file.close()
  }
}

/** The ratings of the sample that is shipped. */
export async function sampleRatings() {
  return (await readSample('ratings.csv', readRatings)).ratings
}

/** The sample as CSV: the ratings of its first users, and all movies. */
export async function fewOfSample(users: number): Promise<{ ratings: string; movies: string }> {
  const [ratings, movies] = [
    await readSample('ratings.csv', text),
    await readSample('movies.csv', text),
  ]
  const lines = ratings
    .split('\n')
    .filter((line, i) => i === 0 || Number.parseInt(line, 10) <= users)
  return { ratings: lines.join('\n'), movies }
}
