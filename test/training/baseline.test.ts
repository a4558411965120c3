import assert from 'node:assert/strict'
import { test } from 'node:test'
import { baselinePredictor, fitBaseline } from '../../src/training/fit/baseline.ts'
import { createPulse } from '../../src/training/pulse.ts'
import { plantedRatings, ratingsOf } from './planted-ratings.ts'

test('one rating gives the damped biases of a hand calculation', async () => {
  const { mean, userBias, movieBias } = await fitBaseline(
    ratingsOf([
      [0, 0, 5],
      [1, 1, 1],
    ]),
    createPulse(),
  )
  // With one rating each: b_m = (e − b_u)/11, b_u = (e − b_m)/16, ten times from b_u = 0.
  let [user, movie] = [0, 0]
  for (let round = 0; round < 10; round++) {
    movie = (2 - user) / 11
    user = (2 - movie) / 16
  }
  assert.equal(mean, 3)
  assert.ok(Math.abs(movieBias[0]! - movie) < 1e-6)
  assert.ok(Math.abs(userBias[0]! - user) < 1e-6)
  assert.ok(Math.abs(movieBias[1]! + movie) < 1e-6)
})

test('the biases are those of ten rounds of averages taken rating by rating', async () => {
  // Users rate only the movies near them, higher and higher: the biases of the two sides are so
  // confounded that a few rounds do not reach them.
  const planted = plantedRatings({ users: 12, movies: 9 })
  const ratings = ratingsOf(
    [...planted.rating].flatMap((_, i) => {
      const [user, movie] = [planted.userIndex[i]!, planted.movieIndex[i]!]
      return Math.abs(user / 12 - movie / 9) < 0.3 ? [[user, movie, 1 + user / 3] as const] : []
    }),
  )
  const rows = [...ratings.rating].map((rating, i) => ({
    user: ratings.userIndex[i]!,
    movie: ratings.movieIndex[i]!,
    rating,
  }))
  const mean = rows.reduce((sum, row) => sum + row.rating, 0) / rows.length
  const users = new Array<number>(12).fill(0)
  const movies = new Array<number>(9).fill(0)
  for (let round = 0; round < 10; round++) {
    movies.forEach((_, movie) => {
      const own = rows.filter((row) => row.movie === movie)
      const sum = own.reduce((total, row) => total + row.rating - mean - users[row.user]!, 0)
      movies[movie] = sum / (10 + own.length)
    })
    users.forEach((_, user) => {
      const own = rows.filter((row) => row.user === user)
      const sum = own.reduce((total, row) => total + row.rating - mean - movies[row.movie]!, 0)
      users[user] = sum / (15 + own.length)
    })
  }
  const baseline = await fitBaseline(ratings, createPulse())
  users.forEach((bias, i) => {
    assert.ok(Math.abs(bias - baseline.userBias[i]!) < 1e-5)
  })
  movies.forEach((bias, i) => {
    assert.ok(Math.abs(bias - baseline.movieBias[i]!) < 1e-5)
  })
})

test('predictions stay within the scale, and an unknown side adds nothing', () => {
  const baseline = {
    mean: 3,
    userBias: Float32Array.of(1),
    movieBias: Float32Array.of(2),
  }
  const predict = baselinePredictor(baseline, [1, 5])
  assert.equal(predict(0, 0), 5)
  assert.equal(predict(0, -1), 4)
  assert.equal(predict(-1, 0), 5)
  assert.equal(predict(-1, -1), 3)
})
