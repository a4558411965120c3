import type { Ratings } from '../../src/model/data/ratings.ts'
import { Vocabulary } from '../../src/model/data/vocabulary.ts'
import {
  type ResolvedSteppedSpec,
  type SettledSteppedSpec,
  steppedSpecSchema,
} from '../../src/model/spec/training-spec.ts'
import { createRandom } from '../../src/numeric/random/random.ts'

/** Ratings from [user, movie, rating, second?]; ids are u0, u1 … and m0, m1 …. */
export function ratingsOf(rows: readonly (readonly [number, number, number, number?])[]): Ratings {
  const size = (column: 0 | 1) => 1 + rows.reduce((most, row) => Math.max(most, row[column]), -1)
  const ids = (letter: string, count: number) =>
    new Vocabulary(Array.from({ length: count }, (_, i) => `${letter}${i}`))
  return {
    users: ids('u', size(0)),
    movies: ids('m', size(1)),
    userIndex: Uint32Array.from(rows, (row) => row[0]),
    movieIndex: Uint32Array.from(rows, (row) => row[1]),
    rating: Float32Array.from(rows, (row) => row[2]),
    timestamp: Uint32Array.from(rows, (row) => row[3] ?? 0),
  }
}

/**
 * Ratings whose truth is known: two factors and a bias on each side make 1 … 5, almost without
 * noise, and 70 % of the pairs are there. Biases alone cannot explain them.
 */
export function plantedRatings({ users = 80, movies = 50, seed = 1 } = {}): Ratings {
  const random = createRandom(seed, 'planted')
  const vectors = (count: number) =>
    Array.from({ length: count }, () => [random.normal(), random.normal(), 0.3 * random.normal()])
  const [us, ms] = [vectors(users), vectors(movies)]
  const rows: [number, number, number][] = []
  us.forEach(([u0 = 0, u1 = 0, ub = 0], user) => {
    ms.forEach(([m0 = 0, m1 = 0, mb = 0], movie) => {
      const noise = 0.05 * random.normal()
      const rating = 3 + 2 * Math.tanh(0.7 * (u0 * m0 + u1 * m1) + ub + mb) + noise
      if (random.uniform() < 0.7) rows.push([user, movie, Math.min(5, Math.max(1, rating))])
    })
  })
  return ratingsOf(rows)
}

/** A spec that fits the planted ratings in a second or two. */
export function plantedSpec(changes: { algorithm: string } & Record<string, unknown>) {
  const size =
    changes['algorithm'] === 'net'
      ? { userFactors: 4, movieFactors: 4, hiddenLayers: [16], hiddenDropout: 0 }
      : { factors: 4 }
  const spec = steppedSpecSchema.parse({
    ratingRange: 'auto',
    optimizer: 'adam',
    decay: 'decoupled',
    schedule: 'one-cycle',
    learningRate: 0.1,
    weightDecay: 0.001,
    epochs: 15,
    refit: false,
    ...size,
    ...changes,
  })
  return spec as SettledSteppedSpec
}

/**
 * A spec with the defaults of its algorithm, and numbers for what would follow from the data; its
 * learning rate must be one.
 */
export function ratedSpec(changes: object): ResolvedSteppedSpec {
  const numbers = { epochs: 5, weightDecay: 0.1 }
  return steppedSpecSchema.parse({ ...numbers, ...changes }) as ResolvedSteppedSpec
}
