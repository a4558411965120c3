import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { MarqueeError } from '../../errors.ts'
import type { Ratings } from '../../model/data/ratings.ts'
import { fileNames } from '../readers/file-names.ts'
import { readFileAt, unreadable } from '../readers/read-file.ts'
import type { Reading } from '../readers/read-records.ts'
import type { GivenColumns } from './columns/given-columns.ts'
import { mergeRatings } from './merge-ratings.ts'
import { readRatings } from './read-ratings.ts'

/**
 * The ratings of a file, or of the MovieLens file in a folder, one for each user and movie, and the
 * lines that were refused; an `invalid-request` error when there is no such file.
 */
export async function readRatingsFile(
  path: string,
  columns: GivenColumns | null = null,
): Promise<{ ratings: Ratings } & Pick<Reading, 'refused' | 'refusals'>> {
  const { ratings, refused, refusals } = await readFileAt(
    await ratingsFileAt(path),
    'ratings',
    (body) => readRatings(body, null, columns),
  )
  return { ratings: mergeRatings([ratings]), refused, refusals }
}

async function ratingsFileAt(path: string): Promise<string> {
  try {
    if (!(await stat(path)).isDirectory()) return path
    const inFolder = await readdir(path)
    const found = fileNames.ratings
      .flatMap((name) => [name, `${name}.gz`])
      .map((known) => inFolder.find((name) => name.toLowerCase() === known))
      .find((name) => name !== undefined)
    if (found !== undefined) return join(path, found)
  } catch (error) {
    throw unreadable(path, error)
  }
  throw new MarqueeError(
    'invalid-request',
    `The folder ${path} holds none of ${fileNames.ratings.join(', ')}.`,
  )
}
