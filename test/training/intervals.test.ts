import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RatingScale } from '../../src/model/data/rating-scale.ts'
import {
  type Calibration,
  highestLevel,
  type Interval,
  intervalAround,
  lowestLevel,
  ratingCountsOf,
} from '../../src/model/intervals.ts'
import { createRandom } from '../../src/numeric/random/random.ts'
import { calibrate } from '../../src/training/intervals/calibrate.ts'
import type { Residuals } from '../../src/training/intervals/difficulty.ts'
import { fitIntervals, residualsOf } from '../../src/training/intervals/fit-intervals.ts'
import {
  crossCoverage,
  measureIntervalCoverage,
} from '../../src/training/intervals/interval-coverage.ts'
import { createPulse } from '../../src/training/pulse.ts'
import { randomSplit } from '../../src/training/splitting/random-split.ts'
import type { EvaluationRows } from '../../src/training/splitting/training-data.ts'
import { trainModel } from '../../src/training/train.ts'
import { dotBiasModel } from '../support/models.ts'
import { plantedRatings, plantedSpec } from './planted-ratings.ts'

/** So wide that nothing is cut off. */
const wideScale = [-100, 100] as const

/** Predictions of 2 … 4 whose errors are normal, with a deviation that the counts give. */
function plantedResiduals(
  rows: number,
  deviationOf: (user: number, movie: number) => number,
  { users = [5, 50, 200], movies = [2, 20, 200], seed = 1 } = {},
): Residuals {
  const random = createRandom(seed, 'residuals')
  const userRatings = Uint32Array.from({ length: rows }, () => users[random.below(users.length)]!)
  const movieRatings = Uint32Array.from(
    { length: rows },
    () => movies[random.below(movies.length)]!,
  )
  const predicted = Float32Array.from({ length: rows }, () => 2 + 2 * random.uniform())
  const rating = predicted.map(
    (value, row) => value + deviationOf(userRatings[row]!, movieRatings[row]!) * random.normal(),
  )
  return { userRatings, movieRatings, predicted, rating }
}

const rowsOf = ({ rating }: Residuals) => Uint32Array.from(rating, (_, row) => row)
const calibrated = (residuals: Residuals) => calibrate(residuals, rowsOf(residuals), wideScale)
const reach = (calibration: Calibration, user: number, movie: number, level: number) =>
  intervalAround(3, { user, movie }, level, calibration, wideScale).highest - 3
const near = (actual: number, expected: number, share: number) =>
  assert.ok(Math.abs(actual / expected - 1) < share, `${actual}, expected about ${expected}`)

/** Quantiles of |normal|. */
const normalReach = { 0.5: 0.6745, 0.8: 1.2816, 0.9: 1.6449, 0.95: 1.96 }

test('noise of one size gives intervals of the width that it has', () => {
  const calibration = calibrated(plantedResiduals(20_000, () => 0.5))
  for (const [level, deviations] of Object.entries(normalReach))
    for (const [user, movie] of [
      [5, 2],
      [200, 200],
    ] as const)
      near(reach(calibration, user, movie, Number(level)), 0.5 * deviations, 0.06)
})

test('noise that fades with the ratings of user and of movie does so in the intervals', () => {
  const deviationOf = (user: number, movie: number) =>
    (user < 30 ? 1 : 0.5) * (movie < 10 ? 1 : 0.6)
  const calibration = calibrated(plantedResiduals(40_000, deviationOf))
  for (const user of [5, 50, 200])
    for (const movie of [2, 20, 200])
      near(reach(calibration, user, movie, 0.9), 1.6449 * deviationOf(user, movie), 0.06)
})

test('of rows not seen in calibration the level lies within, in every group', () => {
  const deviationOf = (user: number, movie: number) => 1 / Math.log2(2 + user) + 1 / (1 + movie)
  const calibration = calibrated(plantedResiduals(20_000, deviationOf))
  const fresh = plantedResiduals(20_000, deviationOf, { seed: 2 })
  const parts = [{ rows: rowsOf(fresh), calibration }]
  const { levels, byUserRatings, byMovieRatings } = measureIntervalCoverage(fresh, parts, wideScale)
  for (const { level, covered } of levels) assert.ok(Math.abs(covered! - level) < 0.015)
  for (const { rows, covered } of [...byUserRatings, ...byMovieRatings])
    assert.ok(rows === 0 ? covered === null : Math.abs(covered! - 0.9) < 0.02)
})

test('a higher level never has narrower bounds, and none leave the scale', () => {
  const calibration = calibrated(plantedResiduals(500, () => 1))
  for (const prediction of [1, 2.9, 5]) {
    let last: Interval = { level: 0, lowest: prediction, highest: prediction }
    for (let level = lowestLevel; level <= highestLevel; level += 0.0037) {
      const interval = intervalAround(prediction, { user: 0, movie: 9 }, level, calibration, [1, 5])
      assert.ok(interval.lowest <= last.lowest && interval.highest >= last.highest)
      assert.ok(interval.lowest >= 1 && interval.highest <= 5)
      last = interval
    }
  }
  const [at, between, next] = [0.9, 0.905, 0.91].map((level) => reach(calibration, 5, 20, level))
  assert.ok(next! > at! && Math.abs(between! - (at! + next!) / 2) < 1e-6)
})

test('users never trained have intervals of their own when enough were held out', () => {
  const deviationOf = (user: number) => (user === 0 ? 1.5 : 0.5)
  const residuals = plantedResiduals(6_000, deviationOf, { users: [0, 50, 200] })
  near(reach(calibrated(residuals), 0, 20, 0.9), 1.5 * 1.6449, 0.1)
})

test('users never trained have the widest when too few were held out', () => {
  const deviationOf = (user: number) => (user < 30 ? 1 : 0.5)
  const calibration = calibrated(plantedResiduals(6_000, deviationOf))
  const [cold, few, many] = [0, 5, 200].map((user) => reach(calibration, user, 20, 0.9))
  assert.ok(cold! >= few! - 1e-6 && few! > many!)
})

test('where the rows cannot tell a level the interval is the whole scale', () => {
  const residuals = plantedResiduals(20, () => 0.1)
  const calibration = calibrate(residuals, rowsOf(residuals), [1, 5])
  const at = (level: number) => intervalAround(3, { user: 5, movie: 2 }, level, calibration, [1, 5])
  assert.ok(at(0.9).lowest > 2)
  assert.deepEqual(at(0.97), { level: 0.97, lowest: 1, highest: 5 })
})

const noCounts = { userRatings: new Uint32Array(), movieRatings: new Uint32Array() }

/** Coverage of intervals around one prediction for all rows. */
function coverageOf(rows: EvaluationRows, predicted: number, seed: number, scale: RatingScale) {
  const all = new Float64Array(rows.rating.length).fill(predicted)
  return crossCoverage(residualsOf(all, rows, noCounts, seed), scale, seed)
}

test('a single held-out row gives intervals of the whole scale, and no figure is odd', async () => {
  const model = { ...dotBiasModel(), ratingScale: [1, 5] as const }
  const one = {
    userIndex: Int32Array.of(0),
    movieIndex: Int32Array.of(1),
    rating: Float32Array.of(3),
  }
  const intervals = await fitIntervals(model, noCounts, one, 1, createPulse())
  const at = (level: number) => intervalAround(3, { user: 0, movie: 0 }, level, intervals, [1, 5])
  assert.deepEqual(at(0.9), { level: 0.9, lowest: 1, highest: 5 })
  for (const { rows, covered, width } of coverageOf(one, 2, 1, [1, 5]).levels)
    assert.deepEqual([rows, covered, width], [1, 1, 4])
})

test('a model that makes no error has intervals of no width', () => {
  const calibration = calibrated(plantedResiduals(500, () => 0))
  assert.ok(reach(calibration, 5, 2, 0.9) < 1e-6)
})

test('ratings of a user or movie that the model does not know are none', () => {
  const ratings = { userRatings: Uint32Array.of(7), movieRatings: Uint32Array.of(3, 4) }
  assert.deepEqual(ratingCountsOf(ratings, -1, 1), { user: 0, movie: 4 })
  assert.deepEqual(ratingCountsOf(ratings, 0, -1), { user: 7, movie: 0 })
})

test('each half of the held-out rows is measured with what the other half gave', async () => {
  const [rows, mean] = [400, 3]
  const cold = new Int32Array(rows).fill(-1)
  const { kept } = randomSplit(rows, 0.5, 7, 'intervals')
  // One half errs by little, the other by much: in-sample, 0.9 of each would be covered.
  const rating = new Float32Array(rows).fill(mean + 2)
  for (const [i, row] of kept.entries()) rating[row] = mean + 0.1 + i / 10_000
  const heldOut = { userIndex: cold, movieIndex: cold, rating }
  const coverage = coverageOf(heldOut, mean, 7, wideScale)
  assert.deepEqual(
    coverage.levels.map(({ covered }) => covered),
    [0.5, 0.5, 0.5, 0.5],
  )
})

test('a trained model has intervals that hold, and the rows of each measure are all held-out ones', async () => {
  const ratings = plantedRatings({ users: 120, movies: 60 })
  const spec = plantedSpec({ algorithm: 'dot-bias', split: { valid: 0.3 } })
  const { fit, measurement } = await trainModel({ ratings, spec, backend: 'wasm' })
  assert.ok(fit.model.intervals)
  const { rows: validRows, intervalCoverage } = measurement!
  const { levels, byUserRatings, byMovieRatings } = intervalCoverage
  for (const { level, rows, covered } of levels) {
    assert.equal(rows, validRows)
    assert.ok(Math.abs(covered! - level) < 0.05, `${covered} at ${level}`)
  }
  for (const groups of [byUserRatings, byMovieRatings])
    assert.equal(
      groups.reduce((sum, { rows }) => sum + rows, 0),
      validRows,
    )
})

test('where nothing is held out there are no intervals', async () => {
  const spec = plantedSpec({ algorithm: 'dot-bias', epochs: 1, split: { valid: 0 } })
  const { fit, measurement } = await trainModel({
    ratings: plantedRatings(),
    spec,
    backend: 'wasm',
  })
  assert.deepEqual([fit.model.intervals, measurement], [null, null])
})

test('of very many held-out rows a part is enough', async () => {
  const rows = 250_000
  const heldOut = {
    userIndex: new Int32Array(rows),
    movieIndex: new Int32Array(rows),
    rating: new Float32Array(rows).fill(4),
  }
  const coverage = coverageOf(heldOut, 3, 1, [1, 5])
  for (const { rows: measured } of coverage.levels) assert.ok(Math.abs(measured - 200_000) <= 1)
})
