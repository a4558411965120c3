import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { finished } from 'node:stream/promises'
import type { Ratings } from '../../model/data/ratings.ts'
import { type GeneratedSize, generateRatings } from './generated-ratings.ts'

type GenerateOptions = Omit<GeneratedSize, 'users' | 'movies'> & {
  readonly out: string
  readonly users?: number
  readonly movies?: number
}

/** Writes ratings with a known truth as a ratings.csv; prints the planted noise. */
export async function generate({ out, ratings: wanted, seed, ...given }: GenerateOptions) {
  // MovieLens 25M has 154 ratings a user and 424 a movie. A user may rate twice the average at least.
  const users = given.users ?? Math.ceil(wanted / 154)
  const movies = given.movies ?? Math.ceil(Math.max(wanted / 424, (8 * wanted) / users))
  const { ratings, noise } = generateRatings({ ratings: wanted, users, movies, seed })
  await writeCsv(out, ratings)
  process.stdout.write(
    `${out}: ${wanted} ratings by ${users} users of ${movies} movies. RMSE of the planted truth: ${noise.toFixed(4)}.\n`,
  )
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
