import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { Vocabulary } from '../../src/model/data/vocabulary.ts'
import { openApp } from '../support/app.ts'
import { dotBiasModel } from '../support/models.ts'

test('the map has components with their ends, and the coordinates of each movie', async (t) => {
  const { call, importMovies, publish, serving } = await openApp(t)
  await importMovies()
  await publish(dotBiasModel({ movies: 30, factors: 5 }), 'v1')
  await serving.refresh()
  const { status, body, headers } = await call('GET /v1/movie-map?mostRated=25')
  assert.equal(status, 200)
  assert.equal(headers['content-type'], 'application/json; charset=utf-8')
  assert.deepEqual([body.model, body.movies, body.items.length], ['v1', 25, 25])
  assert.equal(body.components.length, 3)
  for (const { explained, highest, lowest } of body.components) {
    assert.ok(explained > 0 && explained < 1)
    assert.deepEqual([highest.length, lowest.length], [10, 10])
    assert.ok(highest[0].coordinate > lowest[0].coordinate)
  }
  assert.deepEqual(Object.keys(body.items[0]), [
    'movieId',
    'title',
    'displayTitle',
    'genres',
    'ratings',
    'coordinates',
  ])
  assert.equal(body.items[0].coordinates.length, 3)
  assert.ok(body.items.some(({ title }: { title: string }) => title === 'Amélie'))
  const five = await call('GET /v1/movie-map?components=5&mostRated=2')
  assert.deepEqual([five.body.components.length, five.body.items.length], [5, 2])
})

type Schema = { $ref?: string; allOf?: Schema[]; properties?: object }

test('its answer is what the document says', async (t) => {
  const { call, publish, serving } = await openApp(t)
  await publish(dotBiasModel({ movies: 30 }), 'v1')
  await serving.refresh()
  const { schemas } = (await call('GET /openapi.json')).body.components
  const { properties } = schemas.MovieMap
  /** The members that a schema names, by itself and by those that it has all members of. */
  const membersOf = ({ $ref, allOf = [], ...schema }: Schema): string[] => [
    ...($ref ? membersOf(schemas[$ref.split('/').at(-1)!]) : []),
    ...[...allOf.flatMap(membersOf), ...Object.keys(schema.properties ?? {})],
  ]
  const { body } = await call('GET /v1/movie-map')
  assert.deepEqual(Object.keys(body), Object.keys(properties))
  for (const name of ['components', 'items'])
    assert.deepEqual(Object.keys(body[name][0]).sort(), membersOf(properties[name].items).sort())
})

test('the old address of the map leads to the new one until a movie has that id', async (t) => {
  const { call, publish, serving } = await openApp(t)
  await publish(dotBiasModel({ movies: 30 }), 'v1')
  await serving.refresh()
  const { status, headers } = await call('GET /v1/movies/map?components=2&mostRated=9')
  assert.deepEqual(
    [status, headers['location'], headers['cache-control']],
    [308, '/v1/movie-map?components=2&mostRated=9', 'no-store'],
  )
  assert.equal((await call(`GET ${headers['location']}`)).body.movies, 9)
  const csv = 'movieId,title\nmap,Map (2000)\n'
  assert.equal((await call('POST /v1/movies/import', { payload: csv })).status, 200)
  assert.equal((await call('GET /v1/movies/map')).body.title, 'Map')
})

test('a movie may be called as any part of an address is', async (t) => {
  const { call, publish, serving } = await openApp(t)
  const names = ['map', 'rankings', 'import', 'similar', 'crosstab', 'bias', 'batch']
  const model = dotBiasModel({ movies: 30 })
  const movies = new Vocabulary([...names, ...model.movies.ids.slice(names.length)])
  await publish({ ...model, movies }, 'v1')
  await serving.refresh()
  for (const name of names) {
    assert.equal((await call(`GET /v1/movies/${name}`)).body.movieId, name)
    assert.equal((await call(`GET /v1/movies/${name}/similar`)).body.movieId, name)
    const predicted = await call(`GET /v1/users/import/predictions/${name}`)
    assert.equal(predicted.body.movieId, name)
  }
})

test('others have their turn while a long map is written', async (t) => {
  const { call, publish, serving } = await openApp(t)
  await publish(dotBiasModel({ movies: 20_000, factors: 1 }), 'v1')
  await serving.refresh()
  await call('GET /v1/movie-map?mostRated=20000&components=1')
  let turns = 0
  let isDone = false
  const answer = call('GET /v1/movie-map?mostRated=20000&components=1').finally(() => {
    isDone = true
  })
  while (!isDone) {
    await nextTurn()
    turns += 1
  }
  assert.equal((await answer).body.items.length, 20_000)
  assert.ok(turns >= 20, `the event loop turned ${turns} times`)
})

test('components are 1 to 10, mostRated is 2 to 100,000', async (t) => {
  const { call } = await openApp(t)
  for (const query of ['components=0', 'components=11', 'mostRated=1', 'mostRated=100001']) {
    const { status, body } = await call(`GET /v1/movie-map?${query}`)
    const pointer = `/query/${query.split('=')[0]}`
    assert.deepEqual([status, body.code, body.errors[0].pointer], [400, 'invalid-request', pointer])
  }
})

test('without a model there is no map yet', async (t) => {
  const { call } = await openApp(t)
  const { status, body } = await call('GET /v1/movie-map')
  assert.deepEqual([status, body.code], [503, 'no-model'])
})
