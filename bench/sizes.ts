import { createHash } from 'node:crypto'
import { Vocabulary } from '../src/model/data/vocabulary.ts'
import { encodeModel } from '../src/model/file/model-file.ts'
import type { Model } from '../src/model/model.ts'
import { rankingSpecSchema } from '../src/model/spec/ranking-spec.ts'
import { createRandom } from '../src/numeric/random/random.ts'
import { prepareModel } from '../src/serving/load/prepared-model.ts'

/** What a model is large by; `factors` of ratings, `ranks` of the ranking. */
type Sizes = { users: number; movies: number; ratings: number; factors: number; ranks: number }

/** A model of `dot-bias` with random numbers. */
function modelOf({ users, movies, ratings, factors, ranks }: Sizes): Model {
  const random = createRandom(1, 'sizes')
  const matrix = (rows: number, columns: number) => ({
    ...{ rows, columns },
    data: Float32Array.from({ length: rows * columns }, () => 0.1 * random.normal()),
  })
  const perUser = ratings / users
  return {
    users: new Vocabulary(Array.from({ length: users }, (_, i) => `${10_000_000 + i}`)),
    movies: new Vocabulary(Array.from({ length: movies }, (_, i) => `${10_000_000 + i}`)),
    userFactors: matrix(users, factors),
    movieFactors: matrix(movies, factors),
    userBias: matrix(users, 1).data,
    movieBias: matrix(movies, 1).data,
    layers: [],
    ratingRange: null,
    ratingScale: [0.5, 5],
    visitorScale: [0.5, 5],
    likedFrom: 4,
    baseline: { mean: 3.5, userBias: matrix(users, 1).data, movieBias: matrix(movies, 1).data },
    ranking: {
      userFactors: matrix(users, ranks),
      movieFactors: matrix(movies, ranks),
      meanUser: matrix(1, ranks).data,
    },
    rated: {
      offsets: Uint32Array.from({ length: users + 1 }, (_, i) => i * perUser),
      movieIndex: Uint32Array.from({ length: ratings }, (_, i) => (i % perUser) % movies),
      rating: new Float32Array(ratings).fill(4),
    },
    recent: null,
    intervals: null,
  }
}

/** Bytes of the file, and of all arrays and texts that `serve` keeps of it. */
function measure(sizes: Sizes): { file: number; kept: number } {
  const bytes = Buffer.concat(encodeModel(modelOf(sizes)))
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const seal = { version: 'bench', tensors: { sizeBytes: bytes.length, sha256 } }
  const prepared = prepareModel(bytes, seal, rankingSpecSchema.parse({ factors: sizes.ranks }), 1)
  const buffers = new Map<ArrayBufferLike, number>()
  let texts = 0
  const walk = (value: unknown) => {
    if (ArrayBuffer.isView(value)) buffers.set(value.buffer, value.buffer.byteLength)
    else if (typeof value === 'string') texts += value.length
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(walk)
  }
  walk(prepared)
  return { file: bytes.length, kept: texts + [...buffers.values()].reduce((a, b) => a + b, 0) }
}

const base: Sizes = { users: 16_384, movies: 8_192, ratings: 16_384 * 40, factors: 32, ranks: 64 }
const more: [string, Partial<Sizes>, number][] = [
  ['a rating', { ratings: base.ratings * 2 }, base.ratings],
  [
    'a user, without ratings or factors',
    { users: 2 * base.users, factors: 1, ranks: 1 },
    base.users,
  ],
  ['a movie, without factors', { movies: 2 * base.movies, factors: 1, ranks: 1 }, base.movies],
  ['a user and factor of ratings', { users: 2 * base.users, ranks: 1 }, base.users * 31],
  ['a user and factor of the ranking', { users: 2 * base.users, factors: 1 }, base.users * 63],
  ['a movie and factor of ratings', { movies: 2 * base.movies, ranks: 1 }, base.movies * 31],
  ['a movie and factor of the ranking', { movies: 2 * base.movies, factors: 1 }, base.movies * 63],
]
const flat = { ...base, factors: 1, ranks: 1 }
const cost = (given: Partial<Sizes>, key: 'file' | 'kept') => {
  const { users = base.users, movies = base.movies } = given
  const without = {
    ...base,
    ...given,
    users: base.users,
    movies: base.movies,
    ratings: base.ratings,
  }
  return measure({ ...base, ...given, users, movies })[key] - measure(without)[key]
}
process.stdout.write('| bytes for each | file | kept by serve |\n| --- | --- | --- |\n')
for (const [what, given, count] of more) {
  const alone = what.includes(' and factor')
    ? { ...given, factors: flat.factors, ranks: flat.ranks }
    : null
  const [file, kept] = (['file', 'kept'] as const).map(
    (key) => (cost(given, key) - (alone ? cost(alone, key) : 0)) / count,
  )
  process.stdout.write(`| ${what} | ${file!.toFixed(1)} | ${kept!.toFixed(1)} |\n`)
}
