import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openApp } from '../support/app.ts'
import { dotBiasModel } from '../support/models.ts'

test('the crosstab names its model and has a row for each user, a cell for each movie', async (t) => {
  const { call, importMovies, publish, serving } = await openApp(t)
  await importMovies()
  await publish(dotBiasModel(), 'v1')
  await serving.refresh()
  const { status, body } = await call('GET /v1/ratings/crosstab?users=2&movies=3')
  assert.equal(status, 200)
  assert.equal(body.model, 'v1')
  assert.deepEqual(body.users, [
    { userId: 'u1', ratings: 3 },
    { userId: 'u2', ratings: 3 },
  ])
  assert.deepEqual(body.movies, [
    { movieId: 'm3', title: 'Matrix Reloaded', displayTitle: 'Matrix Reloaded', ratings: 3 },
    { movieId: 'm4', title: 'Untitled', displayTitle: 'Untitled', ratings: 3 },
    { movieId: 'm2', title: 'Matrix, The', displayTitle: 'The Matrix', ratings: 2 },
  ])
  assert.deepEqual(body.cells, [
    [1.5, null, 1],
    [3, 3.5, 2.5],
  ])
  const whole = await call('GET /v1/ratings/crosstab')
  assert.deepEqual([whole.body.users.length, whole.body.movies.length], [4, 6])
})

test('users and movies are 1 to 100 each, and nothing else is taken', async (t) => {
  const { call } = await openApp(t)
  for (const [query, pointer] of [
    ['users=0', '/query/users'],
    ['users=101', '/query/users'],
    ['movies=-1', '/query/movies'],
    ['movies=1.5', '/query/movies'],
    ['movies=many', '/query/movies'],
    ['n=10', '/query/n'],
  ]) {
    const { status, body } = await call(`GET /v1/ratings/crosstab?${query}`)
    assert.deepEqual([status, body.code, body.errors[0].pointer], [400, 'invalid-request', pointer])
  }
})

test('without a model there is no crosstab yet', async (t) => {
  const { call } = await openApp(t)
  const { status, body } = await call('GET /v1/ratings/crosstab')
  assert.deepEqual([status, body.code], [503, 'no-model'])
})
