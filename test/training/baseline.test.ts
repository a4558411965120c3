import assert from 'node:assert/strict'
import { test } from 'node:test'
import { baselinePredictor, fitBaseline } from '../../src/training/fit/baseline.ts'
import { popularityPrior } from '../../src/training/fit/popularity-prior.ts'
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
  // With one rating each: b_m = (e − b_u)/5, b_u = (e − b_m)/5, ten times from b_u = 0.
  let [user, movie] = [0, 0]
  for (let round = 0; round < 10; round++) {
    movie = (2 - user) / 5
    user = (2 - movie) / 5
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
  let unknown = 0
  for (let round = 0; round < 10; round++) {
    const ofMovie = movies.map((_, movie) => rows.filter((row) => row.movie === movie))
    const sums = ofMovie.map((own) =>
      own.reduce((total, row) => total + row.rating - mean - users[row.user]!, 0),
    )
    const counts = Uint32Array.from(ofMovie, (own) => own.length)
    const prior = popularityPrior(Float64Array.from(sums), counts, 4)
    unknown = prior.ofNone / 2
    sums.forEach((sum, movie) => {
      movies[movie] = (sum + 4 * prior.usual[movie]!) / (4 + counts[movie]!)
    })
    users.forEach((_, user) => {
      const own = rows.filter((row) => row.user === user)
      const sum = own.reduce((total, row) => total + row.rating - mean - movies[row.movie]!, 0)
      users[user] = sum / (4 + own.length)
    })
  }
  const baseline = await fitBaseline(ratings, createPulse())
  users.forEach((bias, i) => {
    assert.ok(Math.abs(bias - baseline.userBias[i]!) < 1e-5)
  })
  movies.forEach((bias, i) => {
    assert.ok(Math.abs(bias - unknown - baseline.movieBias[i]!) < 1e-5)
  })
  assert.ok(Math.abs(baseline.mean - mean - unknown) < 1e-5)
})

test('where often rated movies are liked better, a movie that is rated once, or never, is liked less', async () => {
  // 60 movies with 1 … 60 ratings, the higher the more; each is rated by users of its own.
  const rows = Array.from({ length: 60 }, (_, movie) =>
    Array.from({ length: movie + 1 }, (_, i) => [100 * movie + i, movie, 2 + movie / 30] as const),
  ).flat()
  const ratings = ratingsOf(rows)
  const { mean, movieBias } = await fitBaseline(ratings, createPulse())
  const all = ratings.rating.reduce((sum, rating) => sum + rating, 0) / rows.length
  assert.ok(mean < all - 0.2, `${mean} of an unknown movie, ${all} of all ratings`)
  assert.ok(mean + movieBias[ratings.movieIndex[0]!]! < all - 0.4)
})

test('ratings in another unit have the same popularity prior in that unit', () => {
  const counts = Uint32Array.of(1, 5, 0, 40)
  const { usual, ofNone } = popularityPrior(Float64Array.of(-1, 2, 0, 30), counts, 10)
  const scaled = popularityPrior(Float64Array.of(-20, 40, 0, 600), counts, 10)
  assert.ok(Math.abs(scaled.ofNone - 20 * ofNone) < 1e-9)
  for (const [i, value] of usual.entries())
    assert.ok(Math.abs(scaled.usual[i]! - 20 * value) < 1e-9)
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
