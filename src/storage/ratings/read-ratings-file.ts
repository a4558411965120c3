import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { MarqueeError } from '../../errors.ts'
import type { Ratings } from '../../model/data/ratings.ts'
import { fileNames } from '../readers/file-names.ts'
import { readFileAt, unreadable } from '../readers/read-file.ts'
import { mergeRatings } from './merge-ratings.ts'
import { readRatings } from './read-ratings.ts'

/**
 * The ratings of a file, or of the MovieLens file in a folder, one for each user and movie, and how
 * many lines were refused; an `invalid-request` error when there is no such file.
 */
export async function readRatingsFile(
  path: string,
): Promise<{ ratings: Ratings; refused: number }> {
  const { ratings, refused } = await readFileAt(await ratingsFileAt(path), readRatings)
  return { ratings: mergeRatings([ratings]), refused }
}

async function ratingsFileAt(path: string): Promise<string> {
  try {
    if (!(await stat(path)).isDirectory()) return path
    const inFolder = await readdir(path)
    const found = fileNames.ratings
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
