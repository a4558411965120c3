import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { ratedMovies } from '../../src/model/data/ratings.ts'
import type { Model } from '../../src/model/model.ts'
import type { Matrix } from '../../src/numeric/linear/matrix.ts'
import { createRandom } from '../../src/numeric/random/random.ts'
import { openApp } from '../support/app.ts'
import { dotBiasModel } from '../support/models.ts'

const model = dotBiasModel({ users: 30, movies: 50, factors: 4 })

async function openTrained(t: TestContext, published: Model = model) {
  const bench = await openApp(t)
  await bench.importMovies()
  await bench.publish(published, 'v1')
  await bench.serving.refresh()
  return bench
}

/** The cosine of each row with a chosen one, by the definition. */
function cosines({ rows, columns, data }: Matrix, chosen: number): number[] {
  const row = (i: number) => [...data.subarray(i * columns, (i + 1) * columns)]
  return Array.from({ length: rows }, (_, i) => {
    const product = row(i).reduce((sum, x, f) => sum + x * row(chosen)[f]!, 0)
    return product / Math.hypot(...row(i)) / Math.hypot(...row(chosen))
  })
}

test('without a ranking the most alike come first by the rating factors, weighed by likes', async (t) => {
  const { call } = await openTrained(t)
  const { status, body } = await call('GET /v1/movies/m7/similar?n=49')
  assert.equal(status, 200)
  assert.deepEqual([body.model, body.movieId, body.items.length], ['v1', 'm7', 49])
  const { movieIndex, rating } = model.rated
  const likes = new Uint32Array(50)
  for (const [row, movie] of movieIndex.entries()) if (rating[row]! >= 4) likes[movie]! += 1
  const most = Math.max(...likes)
  const expected = cosines(model.movieFactors, 6).map((cosine, movie) => {
    const popularity = (1 + likes[movie]!) / (1 + most)
    return (cosine * popularity ** 0.1 + 0.4 * Math.sqrt(popularity)) / 1.4
  })
  for (const { movieId, similarity, ratings } of body.items) {
    const index = model.movies.indexOf(movieId)
    assert.ok(Math.abs(similarity - expected[index]!) < 1e-5)
    assert.equal(ratings, model.rated.movieIndex.filter((movie) => movie === index).length)
  }
  const found = body.items.map(({ similarity }: { similarity: number }) => similarity)
  assert.deepEqual(
    found,
    found.toSorted((a: number, b: number) => b - a),
  )
  assert.equal((await call('GET /v1/movies/m7/similar')).body.items.length, 10)
})

test('only movies that pass the filters are alike', async (t) => {
  const { call } = await openTrained(t)
  const ids = async (query: string) =>
    (await call(`GET /v1/movies/m2/similar?${query}`)).body.items
      .map(({ movieId }: { movieId: string }) => movieId)
      .toSorted()
  assert.deepEqual(await ids('genres=Action,Romance'), ['m1', 'm3'])
  assert.deepEqual(await ids('yearFrom=2002&yearTo=2003'), ['m3'])
  assert.equal((await ids('minRatings=3&n=100')).length, 28)
})

test('the most alike users come first, and never the user', async (t) => {
  const { call } = await openTrained(t)
  const { status, body } = await call('GET /v1/users/u4/similar?n=100')
  assert.equal(status, 200)
  assert.deepEqual([body.model, body.userId, body.items.length], ['v1', 'u4', 29])
  const expected = cosines(model.userFactors, 3).map((cosine) => (cosine * 3) / (3 + 2))
  for (const { userId, similarity, ratings } of body.items) {
    assert.ok(Math.abs(similarity - expected[model.users.indexOf(userId)]!) < 1e-5)
    assert.equal(ratings, 3)
  }
  const best = Math.max(...expected.filter((_, user) => user !== 3))
  assert.ok(Math.abs(body.items[0].similarity - best) < 1e-5)
})

test('what the model does not know is like nothing', async (t) => {
  const { call } = await openTrained(t)
  for (const [path, code] of [
    ['movies/nope', 'unknown-movie'],
    ['movies/x1', 'unknown-movie'],
    ['users/nobody', 'unknown-user'],
  ]) {
    const { status, body } = await call(`GET /v1/${path}/similar`)
    assert.deepEqual([status, body.code], [404, code])
  }
  for (const path of ['movies/m1/similar?n=0', 'users/u1/similar?n=101', 'users/u1/similar?k=5'])
    assert.equal((await call(`GET /v1/${path}`)).status, 400)
})

/** Ranking factors that say another thing than those of the ratings, and ratings for each movie. */
function rankedModel(ratingsOfEach: number): Model {
  const random = createRandom(4, 'ranked')
  const matrix = (rows: number) => {
    const data = Float32Array.from({ length: rows * 5 }, () => random.normal())
    return { rows, columns: 5, data }
  }
  const pairs = Array.from({ length: 50 * ratingsOfEach }, (_, i) => i)
  const rated = ratedMovies({
    ...{ users: model.users, movies: model.movies, timestamp: new Uint32Array(pairs.length) },
    userIndex: Uint32Array.from(pairs, (i) => Math.floor(i / 50)),
    movieIndex: Uint32Array.from(pairs, (i) => i % 50),
    rating: new Float32Array(pairs.length).fill(5),
  })
  const meanUser = new Float32Array(5)
  return {
    ...model,
    rated,
    ranking: { userFactors: matrix(30), movieFactors: matrix(50), meanUser },
  }
}

test('movies and users are alike by the factors of the ranking, where ratings are enough', async (t) => {
  const ranked = rankedModel(20)
  const { call } = await openTrained(t, ranked)
  const movies = (await call('GET /v1/movies/m9/similar?n=49')).body.items
  const expected = cosines(ranked.ranking!.movieFactors, 8)
  for (const { movieId, similarity } of movies)
    assert.ok(Math.abs(similarity - (expected[model.movies.indexOf(movieId)]! + 0.4) / 1.4) < 1e-5)
  const users = (await call('GET /v1/users/u9/similar?n=29')).body.items
  const alike = cosines(ranked.ranking!.userFactors, 8)
  for (const { userId, similarity } of users) {
    const user = model.users.indexOf(userId)
    const count = ranked.rated.offsets[user + 1]! - ranked.rated.offsets[user]!
    assert.ok(Math.abs(similarity - (alike[user]! * count) / (count + 2)) < 1e-5)
  }
})

test('of a movie with four ratings six tenths of the likeness are by the rating factors', async (t) => {
  const ranked = rankedModel(4)
  const { call } = await openTrained(t, ranked)
  const byRating = cosines(ranked.movieFactors, 8)
  const byRanking = cosines(ranked.ranking!.movieFactors, 8)
  for (const { movieId, similarity } of (await call('GET /v1/movies/m9/similar?n=49')).body.items) {
    const movie = model.movies.indexOf(movieId)
    const expected = (0.4 * byRanking[movie]! + 0.6 * byRating[movie]! + 0.4) / 1.4
    assert.ok(Math.abs(similarity - expected) < 1e-5, `${similarity} is ${expected}`)
  }
})

test('what shares the genres is more alike, by a quarter at most', async (t) => {
  const ranked = rankedModel(20)
  const { call } = await openTrained(t, ranked)
  const { items } = (await call('GET /v1/movies/m1/similar?n=49')).body
  const cosine = cosines(ranked.ranking!.movieFactors, 0)
  const { genres } = (await call('GET /v1/movies/m1')).body
  assert.ok(genres.length > 0 && items.some((item: { genres: string[] }) => item.genres.length > 0))
  for (const item of items) {
    const shared = genres.filter((genre: string) => item.genres.includes(genre)).length
    const part = shared / new Set([...genres, ...item.genres]).size
    const likeness = (cosine[model.movies.indexOf(item.movieId)]! + 0.4) / 1.4
    const expected = (likeness * (1 + part / 4)) / 1.25
    assert.ok(Math.abs(item.similarity - expected) < 1e-5, `${item.similarity} is ${expected}`)
  }
})
