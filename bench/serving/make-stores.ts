import { open, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { generateRatings } from '../../src/cli/generate/generated-ratings.ts'
import { Vocabulary } from '../../src/model/data/vocabulary.ts'
import { decodeModel, encodeModel } from '../../src/model/file/model-file.ts'
import type { Model } from '../../src/model/model.ts'
import { trainingSpecSchema } from '../../src/model/spec/training-spec.ts'
import { createRandom } from '../../src/numeric/random/random.ts'
import { createFileStore } from '../../src/storage/file-store.ts'
import { createModelRegistry } from '../../src/storage/model-registry.ts'
import { importMovies } from '../../src/storage/movies/import-movies.ts'
import { readRatingsFile } from '../../src/storage/ratings/read-ratings-file.ts'
import { archiveLimits } from '../../src/storage/zip/archive-limits.ts'
import { zipEntries } from '../../src/storage/zip/zip-entries.ts'
import { trainModel } from '../../src/training/train.ts'
import { cardOf, emptyReport } from '../../test/support/models.ts'
import { largeSpec } from '../training/training-size.ts'

export type Size = { ratings: number; users: number; movies: number; factors: number }

/** The models of every store: two with the same numbers, to swap between. */
export const versions = ['first', 'second'] as const

async function publish(folder: string, model: Model): Promise<void> {
  const registry = createModelRegistry(createFileStore(folder))
  for (const version of versions)
    await registry.publish({ tensors: encodeModel(model), report: emptyReport }, cardOf(version))
}

/** ml-latest-small-2016 with its catalogue, trained with the defaults of `dot-bias`. */
export async function makeSampleStore(folder: string, archive: URL): Promise<void> {
  const file = await open(archive)
  const entries = await zipEntries(file, (await file.stat()).size, archiveLimits)
  const read = (name: string) => entries.find((entry) => entry.name.endsWith(name))!.read()
  await importMovies(createFileStore(folder), Readable.from(read('movies.csv')))
  const csv = join(folder, 'ratings.csv')
  await writeFile(csv, read('ratings.csv'))
  await file.close()
  const { ratings } = await readRatingsFile(csv)
  const spec = trainingSpecSchema.parse({ algorithm: 'dot-bias', engine: 'simd' })
  await publish(folder, (await trainModel({ ratings, spec, backend: 'wasm' })).fit.model)
}

/** A model trained on the generator's ratings. */
export async function makeLargeStore(folder: string, { factors, ...size }: Size): Promise<void> {
  const { ratings } = generateRatings({ ...size, seed: 1 })
  const spec = trainingSpecSchema.parse({ ...largeSpec, factors })
  await publish(folder, (await trainModel({ ratings, spec, backend: 'wasm' })).fit.model)
}

/** The newest model of a store. */
export async function modelOf(folder: string): Promise<Model> {
  const registry = createModelRegistry(createFileStore(folder))
  const { version, tensors } = await registry.card((await registry.current())!)
  return decodeModel(await readFile(join(folder, 'models', version, tensors.file)))
}

/**
 * Movies of any number beside users of a trained model: each has the length and the biases of a
 * trained movie drawn at random, and a direction that is random in all dimensions, where trained
 * ones keep to a few: harder to bound than trained ones.
 */
export function syntheticModel(trained: Model, movies: number): Model {
  const k = trained.movieFactors.columns
  const random = createRandom(3, 'synthetic-movies')
  const data = new Float32Array(movies * k)
  const movieBias = new Float32Array(movies)
  const baselineBias = new Float32Array(movies)
  for (let movie = 0; movie < movies; movie++) {
    const drawn = random.below(trained.movies.size)
    movieBias[movie] = trained.movieBias![drawn]!
    baselineBias[movie] = trained.baseline.movieBias[drawn]!
    const row = data.subarray(movie * k, (movie + 1) * k)
    for (let d = 0; d < k; d++) row[d] = random.normal()
    const from = trained.movieFactors.data.subarray(drawn * k, (drawn + 1) * k)
    const scale = Math.hypot(...from) / Math.hypot(...row)
    for (let d = 0; d < k; d++) row[d]! *= scale
  }
  const users = Math.min(1_000, trained.users.size)
  return {
    ...trained,
    users: new Vocabulary(trained.users.ids.slice(0, users)),
    movies: new Vocabulary(Array.from({ length: movies }, (_, i) => String(i + 1))),
    userFactors: { rows: users, columns: k, data: trained.userFactors.data.slice(0, users * k) },
    movieFactors: { rows: movies, columns: k, data },
    userBias: trained.userBias!.slice(0, users),
    movieBias,
    baseline: {
      mean: trained.baseline.mean,
      userBias: trained.baseline.userBias.slice(0, users),
      movieBias: baselineBias,
    },
    rated: {
      offsets: new Uint32Array(users + 1),
      movieIndex: new Uint32Array(),
      rating: new Float32Array(),
    },
    // Of the trained movies: lists of these are in the order of the rating.
    ranking: null,
    recent: null,
    intervals: null,
  }
}

/** A store with the synthetic movies. */
export async function makeSyntheticStore(folder: string, large: string, movies: number) {
  await publish(folder, syntheticModel(await modelOf(large), movies))
}
