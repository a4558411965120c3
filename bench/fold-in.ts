import { parseArgs } from 'node:util'
import { generateRatings } from '../src/cli/generate/generated-ratings.ts'
import { pickRows, type Ratings } from '../src/model/data/ratings.ts'
import { foldIn } from '../src/model/fold-in/fold-in.ts'
import { foldInModelOf } from '../src/model/fold-in/fold-in-model.ts'
import type { Model } from '../src/model/model.ts'
import { createScorer } from '../src/model/scorer.ts'
import { algorithms, trainingSpecSchema } from '../src/model/spec/training-spec.ts'
import { createUserSpace } from '../src/model/user-space.ts'
import { createRandom, permutation } from '../src/numeric/random/random.ts'
import { readRatingsFile } from '../src/storage/ratings/read-ratings-file.ts'
import { trainModel } from '../src/training/train.ts'
import { foldInSpeed } from './fold-in/speed.ts'

/**
 * How much worse somebody is predicted who is folded in than who was trained. 200 users are chosen
 * and a fifth of each one's ratings is held out; the rest of them is trained on with everybody
 * else's, or left out of training and folded in. Both are measured on the held-out ratings.
 */
const usersLeftOut = 200
const heldOutShare = 0.2

type Rows = { given: number[]; held: number[] }

/** The rows of each user that is left out, divided at random. */
function divide(ratings: Ratings, seed: number): Map<number, Rows> {
  const random = createRandom(seed, 'fold-in')
  const chosen = permutation(ratings.users.size, random).subarray(0, usersLeftOut)
  const rowsOf = new Map(Array.from(chosen, (user) => [user, [] as number[]]))
  for (const row of permutation(ratings.rating.length, random))
    rowsOf.get(ratings.userIndex[row]!)?.push(row)
  return new Map(
    [...rowsOf].map(([user, rows]) => {
      const held = Math.floor(rows.length * heldOutShare)
      return [user, { given: rows.slice(held), held: rows.slice(0, held) }]
    }),
  )
}

async function train(ratings: Ratings, isTrained: (row: number) => boolean, spec: object) {
  const rows = Uint32Array.from(ratings.rating.keys()).filter(isTrained)
  const asked = trainingSpecSchema.parse({ ...spec, split: { valid: 0 } })
  const task = { ratings: pickRows(ratings, rows), spec: asked, backend: 'auto' } as const
  return (await trainModel(task)).fit.model
}

/** The root of the mean squared error on the held-out rows; movies never trained get the mean. */
function rmseOf(
  ratings: Ratings,
  divided: ReadonlyMap<number, Rows>,
  predictorOf: (user: number, given: readonly number[]) => (movie: number) => number,
): number {
  let [sum, count] = [0, 0]
  for (const [user, { given, held }] of divided) {
    const predict = predictorOf(user, given)
    for (const row of held) sum += (predict(ratings.movieIndex[row]!) - ratings.rating[row]!) ** 2
    count += held.length
  }
  return Math.sqrt(sum / count)
}

function trainedPredictor(ratings: Ratings, model: Model) {
  const scorer = createScorer(model)
  return (user: number) => {
    const index = model.users.indexOf(ratings.users.idOf(user))
    return (movie: number) => scorer.predict(index, movieIn(ratings, model, movie))
  }
}

function foldedPredictor(ratings: Ratings, model: Model) {
  const { prior } = foldInModelOf(model)
  const space = createUserSpace(model)
  const scorer = createScorer(model)
  const k = model.userFactors.columns
  return (_: number, given: readonly number[]) => {
    const known = given.filter((row) => movieIn(ratings, model, ratings.movieIndex[row]!) >= 0)
    const own = {
      movieIndex: known.map((row) => movieIn(ratings, model, ratings.movieIndex[row]!)),
      rating: known.map((row) => ratings.rating[row]!),
    }
    const { x } = foldIn(space, prior, own)
    const somebody = scorer.of(Float32Array.from(x.subarray(0, k)), x[k] ?? 0)
    return (movie: number) => {
      const index = movieIn(ratings, model, movie)
      return index < 0 ? scorer.predict(-1, -1) : somebody.predict(index)
    }
  }
}

function movieIn(ratings: Ratings, model: Model, movie: number): number {
  return model.movies.indexOf(ratings.movies.idOf(movie))
}

// npm run bench:fold-in -- --ratings FILE-or-FOLDER [--seeds 42,43,44] [--speed-only]
const {
  ratings: path,
  seeds,
  'speed-only': isSpeedOnly,
} = parseArgs({
  options: {
    ratings: { type: 'string' },
    seeds: { type: 'string', default: '42,43,44' },
    'speed-only': { type: 'boolean', default: false },
  },
}).values
if (path === undefined) throw new Error('--ratings FILE-or-FOLDER is missing')
const { ratings } = await readRatingsFile(path)
const large = { ratings: 1_500_000, users: 10_000, movies: 62_000, seed: 1 }
process.stdout.write(`20 ratings into ${await foldInSpeed(ratings)}\n`)
process.stdout.write(`20 ratings into ${await foldInSpeed(generateRatings(large).ratings, 64)}\n`)
if (isSpeedOnly) process.exit()
process.stdout.write(
  'algorithm  seed   held out   unknown     folded in   trained     difference\n',
)
for (const algorithm of algorithms)
  for (const seed of seeds.split(',').map(Number)) {
    const divided = divide(ratings, seed)
    const held = new Set([...divided.values()].flatMap((rows) => rows.held))
    const isOfOthers = (row: number) => !divided.has(ratings.userIndex[row]!)
    const full = await train(ratings, (row) => !held.has(row), { algorithm, seed })
    const model = await train(ratings, isOfOthers, { algorithm, seed })
    const trained = rmseOf(ratings, divided, trainedPredictor(ratings, full))
    const folded = rmseOf(ratings, divided, foldedPredictor(ratings, model))
    const nobody = rmseOf(ratings, divided, trainedPredictor(ratings, model))
    const cells = [nobody, folded, trained].map((rmse) => rmse.toFixed(4).padEnd(12)).join('')
    const difference = `${((folded / trained - 1) * 100).toFixed(2)} %`
    process.stdout.write(
      `${algorithm.padEnd(11)}${String(seed).padEnd(7)}${String(held.size).padEnd(11)}${cells}${difference}\n`,
    )
  }
