import { open } from 'node:fs/promises'
import { readRatings } from '../../src/storage/ratings/read-ratings.ts'
import { archiveLimits } from '../../src/storage/zip/archive-limits.ts'
import { zipEntries } from '../../src/storage/zip/zip-entries.ts'

const sample = new URL('../../sample/ml-latest-small-2016.zip', import.meta.url)

/** The ratings of the sample that is shipped. */
export async function sampleRatings() {
  const file = await open(sample)
  try {
    const entries = await zipEntries(file, (await file.stat()).size, archiveLimits)
    const entry = entries.find(({ name }) => name.endsWith('ratings.csv'))
    return (await readRatings(entry!.read())).ratings
  } finally {
    await file.close()
  }
}
