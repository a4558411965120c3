import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pickRows } from '../../src/model/data/ratings.ts'
import { createScorer } from '../../src/model/scorer.ts'
import { trainingSpecSchema } from '../../src/model/spec/training-spec.ts'
import { errorMetrics, predictRows } from '../../src/training/evaluation/error-metrics.ts'
import { createPulse } from '../../src/training/pulse.ts'
import { knownTo } from '../../src/training/splitting/training-data.ts'
import { trainModel } from '../../src/training/train.ts'
import { plantedRatings, ratingsOf } from './planted-ratings.ts'

const planted = plantedRatings({ users: 50, movies: 40 })
/** With users and movies of one rating each, of which a split holds some out whole. */
const ratings = ratingsOf([
  ...Array.from(planted.rating, (rating, row): [number, number, number] => {
    return [planted.userIndex[row]!, planted.movieIndex[row]!, rating]
  }),
  ...Array.from({ length: 30 }, (_, i): [number, number, number] => [50 + i, 40 + i, 4]),
])

const quick = {
  'dot-bias': { epochs: 3, factors: 4 },
  dot: { epochs: 3, phases: [{ epochs: 3, learningRate: 0.05 }], factors: 4 },
  net: { epochs: 2, batchSize: 512 },
  bayes: { sweeps: 10, burnIn: 5, factors: 3 },
} as const

function train(algorithm: keyof typeof quick, changes: object = {}, rows = ratings) {
  const spec = trainingSpecSchema.parse({ algorithm, ...quick[algorithm], ...changes })
  return trainModel({ ratings: rows, spec, backend: 'wasm' })
}

for (const algorithm of ['dot-bias', 'dot', 'net', 'bayes'] as const)
  test(`what serves of ${algorithm} knows every user, movie and rating, and the figures are those without it`, async () => {
    const [refitted, measured] = [await train(algorithm), await train(algorithm, { refit: false })]
    assert.equal(measured.refit, null)
    assert.deepEqual(refitted.measurement, measured.measurement)
    assert.ok(measured.fit.model.users.size < ratings.users.size, 'some users are held out whole')
    const { model } = refitted
    assert.deepEqual(new Set(model.users.ids), new Set(ratings.users.ids))
    assert.deepEqual(new Set(model.movies.ids), new Set(ratings.movies.ids))
    assert.equal(refitted.refit!.trainRows, ratings.rating.length)
    const { userRatings, movieRatings, quantiles } = model.intervals!
    const sum = (counts: Uint32Array) => counts.reduce((total, count) => total + count, 0)
    assert.deepEqual([sum(userRatings), sum(movieRatings)], Array(2).fill(ratings.rating.length))
    assert.deepEqual(quantiles, measured.fit.model.intervals!.quantiles)
  })

test('with early stopping as many epochs are run as were kept', async () => {
  const { fit, refit } = await train('dot-bias', {
    ...{ epochs: 30, schedule: 'constant', learningRate: 0.05, weightDecay: 0, factors: 12 },
    earlyStopping: { patience: 2, share: 0.2 },
  })
  assert.ok(fit.keptEpochs < fit.run.epochs.length)
  assert.equal(refit!.run.epochs.length, fit.keptEpochs)
  assert.equal(refit!.trainRows, ratings.rating.length)
})

test('of epochs that follow from the data three quarters are run again, of those asked for all', async () => {
  const epochsOf = async (changes: object) => (await train('dot-bias', changes)).refit!.run.epochs
  assert.equal((await epochsOf({ epochs: 'auto' })).length, 6)
  assert.equal((await epochsOf({})).length, 3)
})

test('where nothing is held out nothing is fitted twice', async () => {
  assert.equal((await train('dot-bias', { split: { valid: 0 } })).refit, null)
})

test('on new rows a refit is better than the fit that was measured', async () => {
  const isNew = (_: number, row: number) => row % 5 === 0
  const rows = planted.rating.map((_, row) => row)
  const newRows = pickRows(planted, Uint32Array.from(rows.filter(isNew)))
  const rest = pickRows(planted, Uint32Array.from(rows.filter((_, row) => !isNew(0, row))))
  const training = await train('bayes', { sweeps: 40, burnIn: 10, split: { valid: 0.4 } }, rest)
  const rmseOf = async (model = training.model) => {
    const known = knownTo(model, newRows)
    const predicted = await predictRows(createScorer(model).predict, known, createPulse())
    return errorMetrics(predicted, known.rating).rmse
  }
  assert.ok((await rmseOf()) < (await rmseOf(training.fit.model)))
})
