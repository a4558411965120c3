import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ownRatings, pickRows, type Ratings } from '../../src/model/data/ratings.ts'
import { transposed } from '../../src/model/fold-in/transposed.ts'
import type { Model } from '../../src/model/model.ts'
import { createScorer } from '../../src/model/scorer.ts'
import { trainingSpecSchema } from '../../src/model/spec/training-spec.ts'
import { errorMetrics, predictRows } from '../../src/training/evaluation/error-metrics.ts'
import { createPulse } from '../../src/training/pulse.ts'
import { knownTo } from '../../src/training/splitting/training-data.ts'
import { trainModel } from '../../src/training/train.ts'
import { dotBiasModel, wideNetModel } from '../support/models.ts'
import { plantedRatings, plantedSpec, ratingsOf } from './planted-ratings.ts'

const planted = plantedRatings({ users: 50, movies: 40 })
/** With users and movies of one rating each, of which a split holds some out whole. */
const ratings = ratingsOf([
  ...Array.from(planted.rating, (rating, row): [number, number, number, number] => {
    return [planted.userIndex[row]!, planted.movieIndex[row]!, rating, 1 + row]
  }),
  ...Array.from({ length: 30 }, (_, i): [number, number, number, number] => {
    return [50 + i, 40 + i, 4, 100_000 * i]
  }),
])

/** How often each user and movie was rated, by id. */
function countsIn({ users, movies, userIndex, movieIndex }: Ratings): Map<string, number> {
  const counts = new Map<string, number>()
  const add = (id: string) => counts.set(id, 1 + (counts.get(id) ?? 0))
  for (const user of userIndex) add(users.idOf(user))
  for (const movie of movieIndex) add(movies.idOf(movie))
  return counts
}

/** The ratings that a model knows of. */
function ratedIn({ users, movies, rated }: Model): Ratings {
  const userIndex = Uint32Array.from(
    Array.from(users.ids.keys()).flatMap((user) =>
      Array.from(ownRatings({ rated }, user).rating, () => user),
    ),
  )
  return { users, movies, userIndex, ...rated, timestamp: new Uint32Array(userIndex.length) }
}

/** How often each movie was rated in each window, by id. */
function recentIn({ movies, recent }: Model) {
  const { counts, days } = recent!
  return new Map(
    movies.ids.map((id, movie) => {
      return [id, Array.from(days, (_, window) => counts[window * movies.size + movie]!)]
    }),
  )
}

function train(algorithm: string, changes: object) {
  const spec = trainingSpecSchema.parse({ algorithm, refit: false, ...changes })
  return trainModel({ ratings, spec, backend: 'wasm' })
}

const shortly = { epochs: 2, factors: 4 }
const narrow = { epochs: 2, batchSize: 512, userFactors: 4, movieFactors: 5 }
const earlyStopping = { patience: 1, share: 0.3 }
for (const [algorithm, ...settings] of [
  ['dot-bias', shortly, { ...shortly, earlyStopping }, { ...shortly, preset: 'fastai' }],
  ['dot', shortly, { ...shortly, earlyStopping }, { factors: 4, preset: 'fastai' }],
  ['net', narrow, { ...narrow, earlyStopping }, { ...narrow, preset: 'fastai' }],
  ['bayes', { sweeps: 10, burnIn: 5, factors: 3 }],
] as const)
  test(`without a refit ${algorithm} folds in whoever was held out whole, and the rest stays`, async () => {
    for (const changes of settings) {
      const { fit, model, measurement } = await train(algorithm, changes)
      const refitted = await train(algorithm, { ...changes, refit: true })
      assert.deepEqual(measurement, refitted.measurement)
      const before = fit.model
      assert.ok(before.users.size < ratings.users.size, 'some users are held out whole')
      assert.deepEqual(countsIn(ratedIn(model)), countsIn(ratings))
      const [scored, known] = [createScorer(model), createScorer(before)]
      const predictions = (of: typeof scored, users: number, movies: number) =>
        Array.from({ length: users * movies }, (_, i) =>
          of.predict(Math.floor(i / movies), i % movies),
        )
      const sizes = [before.users.size, before.movies.size] as const
      assert.deepEqual(predictions(scored, ...sizes), predictions(known, ...sizes))
      const all = predictions(scored, ratings.users.size, ratings.movies.size)
      assert.ok(all.every((rating) => rating >= 1 && rating <= 5))
      const { ranking, intervals } = model
      assert.ok(ranking!.userFactors.data.every(Number.isFinite))
      assert.ok(ranking!.movieFactors.data.every(Number.isFinite))
      assert.deepEqual(recentIn(model), recentIn(refitted.model))
      assert.equal(intervals!.userRatings.length, ratings.users.size)
      assert.equal(intervals!.movieRatings.length, ratings.movies.size)
      assert.ok([...intervals!.userRatings, ...intervals!.movieRatings].every((n) => n > 0))
    }
  })

test('who was held out whole is predicted better than somebody unknown', async () => {
  const rows = Array.from(planted.rating.keys())
  const isNew = (row: number) => row % 5 === 0
  /** The last users and movies came when all others had been there. */
  const isLate = (row: number) => planted.userIndex[row]! >= 42 || planted.movieIndex[row]! >= 34
  const rest = pickRows(
    { ...planted, timestamp: Uint32Array.from(rows, (row) => 1 + Number(isLate(row))) },
    Uint32Array.from(rows.filter((row) => !isNew(row))),
  )
  const valid = rest.timestamp.filter((time) => time === 2).length / rest.timestamp.length
  const spec = plantedSpec({ algorithm: 'dot-bias', split: { method: 'global-time', valid } })
  const { fit, model } = await trainModel({ ratings: rest, spec, backend: 'wasm' })
  assert.deepEqual([fit.model.users.size, fit.model.movies.size], [42, 34])
  const late = pickRows(planted, Uint32Array.from(rows.filter((row) => isNew(row) && isLate(row))))
  const rmseOf = async (one: Model) => {
    const known = knownTo(one, late)
    const predicted = await predictRows(createScorer(one).predict, known, createPulse())
    return errorMetrics(predicted, known.rating).rmse
  }
  const [folded, unknown] = [await rmseOf(model), await rmseOf(fit.model)]
  assert.ok(folded < 0.6 * unknown, `RMSE ${folded}, of somebody unknown ${unknown}`)
})

test('a transposed model predicts the same of every pair, and twice transposed is itself', () => {
  for (const model of [dotBiasModel(), wideNetModel()]) {
    const turned = transposed(model)
    const [plain, other] = [createScorer(model), createScorer(turned)]
    for (const user of model.users.ids.keys())
      for (const movie of model.movies.ids.keys()) {
        const [one, two] = [plain.predict(user, movie), other.predict(movie, user)]
        assert.ok(Math.abs(one - two) < 1e-5, `${one} and ${two}`)
      }
    assert.deepEqual(transposed(turned), model)
  }
})
