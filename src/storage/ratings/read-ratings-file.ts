import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { MarqueeError } from '../../errors.ts'
import type { Ratings } from '../../model/ratings.ts'
import { readRatings } from '../readers/read-ratings.ts'
import { mergeRatings } from './merge-ratings.ts'

const fileNames = ['ratings.csv', 'u.data', 'ratings.dat']

/**
 * The ratings of a file, or of the MovieLens file in a folder, one for each user and movie, and how
 * many lines were refused; an `invalid-request` error when there is no such file.
 */
export async function readRatingsFile(
  path: string,
): Promise<{ ratings: Ratings; refused: number }> {
  const file = await ratingsFileAt(path)
  const { ratings, refused } = await readRatings(createReadStream(file)).catch((error: unknown) => {
    throw error instanceof MarqueeError ? inFile(file, error) : unreadable(file, error)
  })
  return { ratings: mergeRatings([ratings]), refused }
}

async function ratingsFileAt(path: string): Promise<string> {
  try {
    if (!(await stat(path)).isDirectory()) return path
    const inFolder = await readdir(path)
    const found = fileNames.find((name) => inFolder.includes(name))
    if (found !== undefined) return join(path, found)
  } catch (error) {
    throw unreadable(path, error)
  }
  throw new MarqueeError(
    'invalid-request',
    `The folder ${path} holds none of ${fileNames.join(', ')}.`,
  )
}

function unreadable(path: string, cause: unknown): MarqueeError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : cause
  const what = code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`
  return new MarqueeError('invalid-request', `The file or folder ${path} ${what}.`, { cause })
}

function inFile(file: string, error: MarqueeError): MarqueeError {
  const { code, message, problems } = error
  return new MarqueeError(code, `${file}: ${message}`, { cause: error, problems })
}
