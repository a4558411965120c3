import { join } from 'node:path'
import { generateRatings } from '../../src/cli/generate/generated-ratings.ts'
import { pickRows, type Ratings } from '../../src/model/data/ratings.ts'
import { createRandom, permutation } from '../../src/numeric/random/random.ts'
import { readRatingsFile } from '../../src/storage/ratings/read-ratings-file.ts'
import { splitRatings } from '../../src/training/splitting/split-ratings.ts'

/** Ratings to train on and to measure on. */
export type Split = { readonly train: Ratings; readonly test: Ratings }

/** Splits of one size, of which the mean is told, and whether a net can be trained on them in minutes. */
export type DataSet = {
  readonly name: string
  readonly splits: readonly Split[]
  readonly isSmall: boolean
}

/** What is read: a file or folder of which a fifth is held out at random, or a file with its test file. */
const files = [
  { name: 'ML-100K, u1', ratings: 'ml-100k/u1.base', test: 'ml-100k/u1.test' },
  { name: 'ml-latest-small-2016', ratings: 'ml-latest-small-2016' },
  { name: 'ml-latest-small-2018', ratings: 'ml-latest-small-2018' },
  { name: 'FilmTrust', ratings: 'filmtrust/train.csv', test: 'filmtrust/test.csv' },
  { name: 'Flixster', ratings: 'flixster/train.csv', test: 'flixster/test.csv' },
] as const

const unit = 20
const thinnedTo = [2_000, 20_000]
/** Of so few ratings one draw tells by its luck. */
const draws = 5
const seed = 42
const netRatings = 30_000

/**
 * Every set with its command's split, then × 20, then thinned, one after the other: of the ratings of
 * both parts so many are drawn, five times, and a fifth of them is held out. Last, generated ratings.
 */
export async function* dataSets(folder: string): AsyncGenerator<DataSet> {
  for (const { name, ratings: path, ...more } of files) {
    const { ratings } = await readRatingsFile(join(folder, path))
    const test = 'test' in more ? (await readRatingsFile(join(folder, more.test))).ratings : null
    const whole = test ? { train: ratings, test } : held(ratings)
    const isSmall = ratings.rating.length < netRatings
    yield { name, splits: [whole], isSmall: isSmall || name.startsWith('ML-100K') }
    const times = (of: Ratings) => ({ ...of, rating: of.rating.map((rating) => unit * rating) })
    const scaled = { train: times(whole.train), test: times(whole.test) }
    yield { name: `${name}, × ${unit}`, splits: [scaled], isSmall }
    for (const size of thinnedTo) {
      const thinned = Array.from({ length: draws }, (_, draw) => {
        const order = permutation(ratings.rating.length, createRandom(seed + draw, 'thinned'))
        return held(pickRows(ratings, order.slice(0, size).sort()))
      })
      yield {
        name: `${name}, ${size.toLocaleString('en')} ratings`,
        splits: thinned,
        isSmall: true,
      }
    }
  }
  const size = { ratings: 200_000, users: 20_000, movies: 100_000, seed: 1 }
  const name = 'generated, 20,000 users × 100,000 movies, 200,000 ratings'
  yield { name, splits: [held(generateRatings(size).ratings)], isSmall: false }
}

function held(ratings: Ratings): Split {
  const split = { method: 'random', valid: 0.2 } as const
  const { kept, heldOut } = splitRatings(ratings, { split, seed })
  return { train: pickRows(ratings, kept), test: pickRows(ratings, heldOut) }
}
