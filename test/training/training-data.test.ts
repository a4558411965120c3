import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MarqueeError } from '../../src/errors.ts'
import { trainingSpecSchema } from '../../src/model/spec/training-spec.ts'
import { knownTo, prepareTrainingData } from '../../src/training/splitting/training-data.ts'
import { plantedRatings, ratingsOf } from './planted-ratings.ts'

const specOf = (changes: object = {}) =>
  trainingSpecSchema.parse({ algorithm: 'dot-bias', ...changes })
const hasCode = (code: string) => (error: unknown) =>
  error instanceof MarqueeError && error.code === code

test('the model knows users and movies of training rows only; the others are held out as −1', () => {
  const train = ratingsOf([
    [0, 1, 4],
    [2, 1, 3],
  ])
  const tested = ratingsOf([
    [2, 0, 5],
    [1, 1, 2],
    [0, 0, 1],
    [7, 3, 1],
  ])
  const data = prepareTrainingData(train, tested, specOf())
  assert.deepEqual(data.train.users.ids, ['u0', 'u2'])
  assert.deepEqual(data.train.movies.ids, ['m1'])
  const heldOut = knownTo(data.train, data.heldOut!)
  assert.deepEqual([...heldOut.userIndex], [1, -1, 0, -1])
  assert.deepEqual([...heldOut.movieIndex], [-1, 0, -1, -1])
  assert.deepEqual([...heldOut.rating], [5, 2, 1, 1])
})

test('what was rated lately includes the rows held out', () => {
  const ratings = ratingsOf([
    [0, 0, 4, 1_000],
    [1, 0, 3, 100_000],
    [2, 1, 3, 100_001],
    [3, 0, 3, 100_002],
    [4, 1, 3, 100_003],
  ])
  const { train, recent } = prepareTrainingData(
    ratings,
    undefined,
    specOf({ split: { valid: 0.2 } }),
  )
  assert.equal(recent!.asOf, 100_003)
  const [m0, m1] = [train.movies.indexOf('m0'), train.movies.indexOf('m1')]
  assert.deepEqual([recent!.counts[m0], recent!.counts[m1]], [2, 2])
  const tested = ratingsOf([[9, 1, 3, 200_000]])
  assert.equal(prepareTrainingData(ratings, tested, specOf()).recent!.asOf, 200_000)
})

test('what a user rated includes the rows held out and those set apart', () => {
  const ratings = plantedRatings({ users: 20, movies: 10 })
  const spec = specOf({ earlyStopping: { share: 0.2 } })
  const { train, heldOut, inner, rated } = prepareTrainingData(ratings, undefined, spec)
  const total = ratings.rating.length
  assert.equal(rated.rating.length, total)
  assert.equal(heldOut!.rating.length, Math.floor(0.2 * total))
  assert.equal(train.rating.length + heldOut!.rating.length + inner!.rating.length, total)
  for (const [user, id] of train.users.ids.entries()) {
    const rows = ratings.userIndex.filter((index) => ratings.users.idOf(index) === id)
    assert.equal(rated.offsets[user + 1]! - rated.offsets[user]!, rows.length)
  }
})

test('every row keeps its user, movie and rating through the new indices', () => {
  const ratings = plantedRatings({ users: 20, movies: 10 })
  const key = (user: string, movie: string, rating: number) => `${user} ${movie} ${rating}`
  const known = new Set(
    [...ratings.rating].map((rating, row) =>
      key(
        ratings.users.idOf(ratings.userIndex[row]!),
        ratings.movies.idOf(ratings.movieIndex[row]!),
        rating,
      ),
    ),
  )
  const { train } = prepareTrainingData(ratings, undefined, specOf())
  train.rating.forEach((rating, row) => {
    const user = train.users.idOf(train.userIndex[row]!)
    const movie = train.movies.idOf(train.movieIndex[row]!)
    assert.ok(known.has(key(user, movie, rating)))
  })
})

test('without held-out rows there is nothing to report on', () => {
  const { heldOut } = prepareTrainingData(
    plantedRatings({ users: 5, movies: 5 }),
    undefined,
    specOf({ split: { valid: 0 } }),
  )
  assert.equal(heldOut, null)
})

test('too few ratings are a no-ratings error', () => {
  const one = ratingsOf([[0, 0, 3]])
  assert.throws(
    () => prepareTrainingData(ratingsOf([]), undefined, specOf()),
    hasCode('no-ratings'),
  )
  const stopping = specOf({ earlyStopping: {} })
  assert.throws(() => prepareTrainingData(one, undefined, stopping), hasCode('no-ratings'))
})
