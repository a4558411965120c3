import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { finished } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import type { Ratings } from '../model/data/ratings.ts'
import { generateRatings } from './generate/generated-ratings.ts'
import { misused } from './training-arguments.ts'

const usage =
  'marquee generate --out ratings.csv [--ratings 1000000] [--users 6500] [--movies 2400] [--seed 1]'

/** Writes ratings with a known truth as a ratings.csv, to try sizes with; prints the planted noise. */
export async function generateCommand(args: string[]): Promise<void> {
  const { out, ...size } = readArguments(args)
  const { ratings, noise } = generateRatings(size)
  await writeCsv(out, ratings)
  process.stdout.write(
    `${out}: ${ratings.rating.length} ratings by ${size.users} users of ${size.movies} movies. RMSE of the planted truth: ${noise.toFixed(4)}.\n`,
  )
}

function readArguments(args: string[]) {
  const text = { type: 'string' } as const
  try {
    const { values } = parseArgs({
      args,
      options: { out: text, ratings: text, users: text, movies: text, seed: text },
    })
    if (values.out === undefined) throw new Error('--out is missing')
    const ratings = whole('--ratings', values.ratings ?? '1000000', 1)
    return {
      out: values.out,
      ratings,
      // MovieLens 25M has 154 ratings a user and 424 a movie.
      users: whole('--users', values.users ?? String(Math.ceil(ratings / 154)), 1),
      movies: whole('--movies', values.movies ?? String(Math.ceil(ratings / 424)), 1),
      seed: whole('--seed', values.seed ?? '1', 0),
    }
  } catch (cause) {
    throw misused(cause, `Usage: ${usage}`)
  }
}

function whole(option: string, text: string, least: number): number {
  const value = Number(text)
  if (Number.isSafeInteger(value) && value >= least) return value
  throw new Error(`${option} ${text}: expected a whole number from ${least}`)
}

const rowsAtOnce = 20_000

async function writeCsv(path: string, ratings: Ratings): Promise<void> {
  const file = createWriteStream(path)
  const done = finished(file)
  const { users, movies, userIndex, movieIndex, rating, timestamp } = ratings
  file.write('userId,movieId,rating,timestamp\n')
  for (let from = 0; from < rating.length; from += rowsAtOnce) {
    let text = ''
    for (let row = from; row < Math.min(from + rowsAtOnce, rating.length); row++)
      text += `${users.idOf(userIndex[row]!)},${movies.idOf(movieIndex[row]!)},${rating[row]},${timestamp[row]}\n`
    if (!file.write(text)) await Promise.race([once(file, 'drain'), done])
  }
  file.end()
  await done
}
