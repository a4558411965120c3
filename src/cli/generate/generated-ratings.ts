import { MarqueeError } from '../../errors.ts'
import type { Ratings } from '../../model/data/ratings.ts'
import { Vocabulary } from '../../model/data/vocabulary.ts'
import { createRandom, permutation, type Random } from '../../numeric/random/random.ts'

/** Counts of what is generated, each at least 1, and the seed. */
export type GeneratedSize = {
  readonly ratings: number
  readonly users: number
  readonly movies: number
  readonly seed: number
}

/** Ratings whose truth is known. `noise` is the RMSE of the truth itself on them, in stars. */
export type GeneratedRatings = { readonly ratings: Ratings; readonly noise: number }

/** What the truth is drawn with, in stars; `factor` is the spread of one number of a vector. */
export const planting = {
  dimensions: 4,
  mean: 3.5,
  userBias: 0.4,
  movieBias: 0.45,
  // The product then has a spread of 0.4 stars.
  factor: Math.sqrt(0.4 / Math.sqrt(4)),
  noise: 0.8,
}
/** No user rates more than this share of the movies. */
const mostRatedShare = 0.25
const year2000 = 946_684_800

/**
 * Ratings of 0.5 … 5 stars in halves, exactly as many as asked for, by users in order. They hold a
 * planted truth: 3.5 + b_u + b_m + u·v in four dimensions, with noise of 0.8 stars. As in MovieLens, a
 * few users rate very much (their activity is log-normal) and a few movies are rated very often
 * (popularity falls as a power of the rank). Every user rates, none more than a quarter of the movies,
 * no pair comes twice; an `invalid-request` error where that cannot be. Seeded; linear in the ratings.
 */
export function generateRatings(size: GeneratedSize): GeneratedRatings {
  const { ratings: total, users, movies, seed } = size
  const counts = activity(size)
  const random = createRandom(seed, 'ratings')
  const truth = truthOf(plant(users, movies, seed))
  const drawMovie = popularity(movies, createRandom(seed, 'popularity'))
  const columns = {
    userIndex: new Uint32Array(total),
    movieIndex: new Uint32Array(total),
    rating: new Float32Array(total),
    timestamp: new Uint32Array(total),
  }
  const lastUser = new Int32Array(movies).fill(-1)
  let row = 0
  let squared = 0
  for (let user = 0; user < users; user++)
    for (let n = 0; n < counts[user]!; n++) {
      let movie = drawMovie(random)
      while (lastUser[movie] === user) movie = drawMovie(random)
      lastUser[movie] = user
      const expected = truth(user, movie)
      const halves = Math.round(2 * (expected + planting.noise * random.normal()))
      const rating = Math.min(10, Math.max(1, halves)) / 2
      squared += (rating - expected) ** 2
      columns.userIndex[row] = user
      columns.movieIndex[row] = movie
      columns.rating[row] = rating
      columns.timestamp[row] = year2000 + row
      row++
    }
  return {
    ratings: { users: numbered(users), movies: numbered(movies), ...columns },
    noise: Math.sqrt(squared / total),
  }
}

/**
 * The ratings of each user: log-normal, then rounded into 1 … a quarter of the movies. What that is
 * away from the sum asked for is evened out in rounds of one rating each over the users that are not
 * at their bound, in a random order.
 */
function activity({ ratings, users, movies, seed }: GeneratedSize): Uint32Array {
  const most = Math.max(1, Math.floor(movies * mostRatedShare))
  if (ratings < users || ratings > users * most)
    throw new MarqueeError(
      'invalid-request',
      `${ratings} ratings by ${users} users of ${movies} movies: expected ${users} to ${users * most}, as every user rates at least one movie and at most ${most}, a quarter of them.`,
    )
  const random = createRandom(seed, 'activity')
  const weights = Float64Array.from({ length: users }, () => Math.exp(1.2 * random.normal()))
  const sum = weights.reduce((all, weight) => all + weight, 0)
  const counts = Uint32Array.from(weights, (weight) =>
    Math.min(most, Math.max(1, Math.round((weight * ratings) / sum))),
  )
  const missing = ratings - counts.reduce((all, count) => all + count, 0)
  const [step, bound] = missing > 0 ? [1, most] : [-1, 1]
  let open = permutation(users, createRandom(seed, 'remainder'))
  for (let left = Math.abs(missing); left > 0; ) {
    open = open.filter((user) => counts[user] !== bound)
    for (const user of open.subarray(0, left)) counts[user]! += step
    left -= Math.min(left, open.length)
  }
  return counts
}

/** Draws movies with a probability that falls as (rank + 20)^−1.2 (Walker's alias method). */
function popularity(movies: number, random: Random): (random: Random) => number {
  const ranks = Uint32Array.from({ length: movies }, (_, i) => i)
  for (let i = movies - 1; i > 0; i--) {
    const j = random.below(i + 1)
    const swapped = ranks[i]!
    ranks[i] = ranks[j]!
    ranks[j] = swapped
  }
  const weights = Float64Array.from(ranks, (rank) => (rank + 20) ** -1.2)
  const sum = weights.reduce((all, weight) => all + weight, 0)
  const share = weights.map((weight) => (weight * movies) / sum)
  const alias = new Uint32Array(movies)
  const small: number[] = []
  const large: number[] = []
  share.forEach((value, i) => {
    ;(value < 1 ? small : large).push(i)
  })
  while (small.length > 0 && large.length > 0) {
    const [less, more] = [small.pop()!, large.pop()!]
    alias[less] = more
    share[more]! -= 1 - share[less]!
    ;(share[more]! < 1 ? small : large).push(more)
  }
  for (const rest of [...small, ...large]) share[rest] = 1
  return (draw) => {
    const at = draw.below(movies)
    return draw.uniform() < share[at]! ? at : alias[at]!
  }
}

/** The biases [users], [movies] and vectors [users, 4], [movies, 4] of a truth. */
export type Planted = {
  readonly [Part in 'userBias' | 'movieBias' | 'userFactors' | 'movieFactors']: Float32Array
}

/** Draws the truth of `generateRatings`. */
export function plant(users: number, movies: number, seed: number): Planted {
  const normals = (name: string, size: number, spread: number) => {
    const random = createRandom(seed, name)
    return Float32Array.from({ length: size }, () => spread * random.normal())
  }
  const { dimensions, factor } = planting
  return {
    userBias: normals('user-bias', users, planting.userBias),
    movieBias: normals('movie-bias', movies, planting.movieBias),
    userFactors: normals('user-factors', users * dimensions, factor),
    movieFactors: normals('movie-factors', movies * dimensions, factor),
  }
}

/** The expected rating before it is put into the scale: 3.5 + b_u + b_m + u·v. */
export function truthOf({ userBias, movieBias, userFactors, movieFactors }: Planted) {
  const { dimensions, mean } = planting
  return (user: number, movie: number) => {
    let sum = mean + userBias[user]! + movieBias[movie]!
    for (let d = 0; d < dimensions; d++)
      sum += userFactors[user * dimensions + d]! * movieFactors[movie * dimensions + d]!
    return sum
  }
}

/** The ids 1 … size. */
function numbered(size: number): Vocabulary {
  return new Vocabulary(Array.from({ length: size }, (_, i) => String(i + 1)))
}
