import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { Matrix } from '../../src/numeric/linear/matrix.ts'
import { openApp } from '../support/app.ts'
import { dotBiasModel } from '../support/models.ts'

const model = dotBiasModel({ users: 30, movies: 50, factors: 4 })

async function openTrained(t: TestContext) {
  const bench = await openApp(t)
  await bench.importMovies()
  await bench.publish(model, 'v1')
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

test('the most alike movies come first, by the cosine of their factors', async (t) => {
  const { call } = await openTrained(t)
  const { status, body } = await call('GET /v1/movies/m7/similar?n=49')
  assert.equal(status, 200)
  assert.deepEqual([body.model, body.movieId, body.items.length], ['v1', 'm7', 49])
  const expected = cosines(model.movieFactors, 6)
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
  const expected = cosines(model.userFactors, 3)
  for (const { userId, similarity, ratings } of body.items) {
    assert.ok(Math.abs(similarity - expected[model.users.indexOf(userId)]!) < 1e-5)
    assert.equal(ratings, 3)
  }
  const best = expected.toSorted((a, b) => b - a)[1]!
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
