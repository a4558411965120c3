import { ratedMovies } from '../../src/model/data/ratings.ts'
import { Vocabulary } from '../../src/model/data/vocabulary.ts'
import {
  type Intervals,
  levels,
  ratingBuckets,
  scaleParts,
  userGroups,
} from '../../src/model/intervals.ts'
import type { Model } from '../../src/model/model.ts'
import type { ModelReport } from '../../src/model/report.ts'
import { trainingSpecSchema } from '../../src/model/spec/training-spec.ts'
import { createRandom } from '../../src/numeric/random/random.ts'
import type { UnsealedCard } from '../../src/storage/model-registry.ts'

/** A seeded dot-bias model: users u1, u2 …, movies m1, m2 …; user i rated the movies i … i+2. */
export function dotBiasModel({ users = 4, movies = 6, factors = 3, seed = 1 } = {}): Model {
  const random = createRandom(seed, 'test-model')
  const normals = (length: number) => Float32Array.from({ length }, () => random.normal())
  const pairs = Array.from({ length: users * 3 }, (_, i) => {
    const user = Math.floor(i / 3)
    return { user, movie: (user + (i % 3)) % movies, rating: 0.5 * (1 + ((user + i) % 10)) }
  })
  const vocabularies = {
    users: new Vocabulary(Array.from({ length: users }, (_, i) => `u${i + 1}`)),
    movies: new Vocabulary(Array.from({ length: movies }, (_, i) => `m${i + 1}`)),
  }
  return {
    ...vocabularies,
    userFactors: { rows: users, columns: factors, data: normals(users * factors) },
    movieFactors: { rows: movies, columns: factors, data: normals(movies * factors) },
    userBias: normals(users),
    movieBias: normals(movies),
    layers: [],
    ratingRange: [0, 5.5],
    ratingScale: [0.5, 5],
    visitorScale: [0.5, 5],
    likedFrom: 4,
    baseline: {
      mean: 3.5,
      userBias: normals(users).map((bias) => bias / 10),
      movieBias: normals(movies).map((bias) => bias / 10),
    },
    ranking: null,
    rated: ratedMovies({
      ...vocabularies,
      userIndex: Uint32Array.from(pairs, ({ user }) => user),
      movieIndex: Uint32Array.from(pairs, ({ movie }) => movie),
      rating: Float32Array.from(pairs, ({ rating }) => rating),
      timestamp: new Uint32Array(pairs.length),
    }),
    recent: null,
    intervals: intervalsOf(users, movies),
  }
}

/** At level 0.5 + n/100 an error of 0.3 + n/100 stars; three times that for users never trained. */
function intervalsOf(users: number, movies: number): Intervals {
  const ones = (length: number) => new Float32Array(length).fill(1)
  return {
    userRatings: new Uint32Array(users).fill(3),
    movieRatings: new Uint32Array(movies).fill(2),
    byUser: ones(ratingBuckets),
    byMovie: ones(ratingBuckets),
    byPrediction: ones(scaleParts),
    quantiles: {
      rows: userGroups,
      columns: levels,
      data: Float32Array.from(
        { length: userGroups * levels },
        (_, i) => (i < levels ? 3 : 1) * (0.3 + (i % levels) / 100),
      ),
    },
  }
}

/** The same with a ranking: the last movies suit u1 best, the first ones everybody else. */
export function rankedModel(): Model {
  const model = dotBiasModel()
  const places = Float32Array.from(model.movies.ids, (_, movie) => movie + 1)
  const signs = Float32Array.from(model.users.ids, (_, user) => (user === 0 ? 1 : -1))
  return {
    ...model,
    ranking: {
      userFactors: { rows: signs.length, columns: 1, data: signs },
      movieFactors: { rows: places.length, columns: 1, data: places },
      meanUser: Float32Array.of(signs.reduce((sum, sign) => sum + sign, 0) / signs.length),
    },
  }
}

/**
 * The same users and movies under a small net: two hidden layers, another size for each embedding.
 */
export function netModel(): Model {
  const random = createRandom(2, 'test-model')
  const matrix = (rows: number, columns: number) => ({
    rows,
    columns,
    data: Float32Array.from({ length: rows * columns }, () => random.normal()),
  })
  const layer = (outputs: number, inputs: number) => ({
    weight: matrix(outputs, inputs),
    bias: matrix(outputs, 1).data,
  })
  const base = dotBiasModel()
  return {
    ...base,
    userFactors: matrix(base.users.size, 2),
    movieFactors: matrix(base.movies.size, 3),
    userBias: null,
    movieBias: null,
    layers: [layer(4, 5), layer(3, 4), layer(1, 3)],
  }
}

/** A net of 60 users and 40 movies, with units enough that each user reaches some of them. */
export function wideNetModel(): Model {
  const random = createRandom(5, 'wide-net')
  const matrix = (rows: number, columns: number) => {
    const data = Float32Array.from({ length: rows * columns }, () => 0.5 * random.normal())
    return { rows, columns, data }
  }
  const layer = (outputs: number, inputs: number) => {
    return { weight: matrix(outputs, inputs), bias: matrix(outputs, 1).data }
  }
  return {
    ...dotBiasModel({ users: 60, movies: 40 }),
    userFactors: matrix(60, 3),
    movieFactors: matrix(40, 3),
    userBias: null,
    movieBias: null,
    layers: [layer(32, 6), layer(1, 32)],
  }
}

/** A ranking's settings as they stand on a card, of which none is left to be chosen. */
const ranking = { factors: 64, unobservedWeight: 0.1, regularization: 0.3, priorRatings: 1 }

/** A card for a model of a test. */
export function cardOf(version: string, createdAt = '2026-01-01T00:00:00.000Z'): UnsealedCard {
  return {
    version,
    createdAt,
    jobId: null,
    spec: trainingSpecSchema.parse({ algorithm: 'dot-bias', ranking }),
    engine: 'tensorflow',
    backend: 'wasm',
    device: 'a test',
    data: { version: 'test', ratings: 12, users: 4, movies: 6, trainRows: 12, validRows: 0 },
    trainSeconds: 0,
    rankingSeconds: null,
    epochs: [],
    metrics: null,
    rankingMetrics: null,
    baselines: null,
    intervals: null,
  }
}

/** The report of a training of which there is nothing to tell. */
export const emptyReport: ModelReport = {
  algorithm: 'dot-bias',
  losses: [],
  rates: [],
  predictedVsActual: { columnSpacing: 0.25, rowSpacing: 0.25, rows: 0, bins: [] },
  errorByUserRatings: [],
  errorByMovieRatings: [],
  tensors: [],
}
