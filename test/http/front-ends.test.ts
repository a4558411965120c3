import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import supertest from 'supertest'
import { apiKeys, keys, openApp, tokenOf } from '../support/app.ts'
import { dotBiasModel } from '../support/models.ts'

const ours = 'https://films.example'
const theirs = 'https://evil.example'
const key = `Bearer ${keys.admin}`

test('a browser is told that pages of an allowed origin may ask with a key, and no others', async (t) => {
  const { app } = await openApp(t, { apiKeys, corsOrigins: [ours, 'http://localhost:5173'] })
  const ask = (origin: string) =>
    supertest(app.server).options('/v1/training-jobs/x').set({
      origin,
      'access-control-request-method': 'DELETE',
      'access-control-request-headers': 'authorization,content-type',
    })
  for (const origin of [ours, 'http://localhost:5173']) {
    const { status, headers } = await ask(origin)
    assert.deepEqual([status, headers['access-control-allow-origin']], [204, origin])
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])
      assert.match(String(headers['access-control-allow-methods']), new RegExp(`\\b${method}\\b`))
    assert.equal(headers['access-control-allow-headers'], 'authorization,content-type')
    assert.match(String(headers['vary']), /Origin/)
  }
  for (const origin of [theirs, 'null', `${ours}.evil.example`, 'http://films.example'])
    assert.equal((await ask(origin)).headers['access-control-allow-origin'], undefined, origin)
})

test('a page of an allowed origin asks with a public key, and with a token for its user alone', async (t) => {
  const { app, publish, serving } = await openApp(t, { apiKeys, corsOrigins: [ours] })
  await publish(dotBiasModel(), 'v1')
  await serving.refresh()
  const token = await tokenOf('u1', 'rate')
  const preflight = await supertest(app.server).options('/v1/users/u1/ratings/m1').set({
    origin: ours,
    'access-control-request-method': 'PUT',
    'access-control-request-headers': 'authorization,content-type',
  })
  assert.equal(preflight.headers['access-control-allow-origin'], ours)
  assert.match(String(preflight.headers['access-control-allow-methods']), /PUT/)
  for (const [sent, path, status, cacheControl] of [
    [keys.public, '/v1/movies/rankings/bias', 200, 'private, no-cache'],
    [keys.public, '/v1/users/u1/recommendations', 403, 'private, no-store'],
    [token, '/v1/movies/rankings/bias', 200, 'private, no-cache'],
    [token, '/v1/users/u1/recommendations', 200, 'private, no-cache'],
    [token, '/v1/users/u2/recommendations', 403, 'private, no-store'],
  ] as const) {
    const { headers, status: got } = await supertest(app.server)
      .get(path)
      .set({ origin: ours, authorization: `Bearer ${sent}` })
    assert.deepEqual([got, headers['cache-control']], [status, cacheControl], path)
    assert.equal(headers['access-control-allow-origin'], ours)
    if (status === 200) {
      const known = { 'if-none-match': String(headers['etag']), authorization: `Bearer ${sent}` }
      assert.equal((await supertest(app.server).get(path).set(known)).status, 304)
      // Who knows the answer of another user is not told whether it is still so.
      const stranger = { ...known, authorization: `Bearer ${await tokenOf('u3')}` }
      const asked = await supertest(app.server).get(path).set(stranger)
      assert.equal(asked.status, path.includes('users') ? 403 : 304)
    }
  }
})

test('answers to allowed origins show their headers, errors too; to others nothing', async (t) => {
  const { app } = await openApp(t, { apiKeys, corsOrigins: [ours] })
  const get = (path: string, origin: string) =>
    supertest(app.server).get(path).set({ origin, authorization: key })
  for (const path of ['/v1/movies', '/v1/movies/none', '/nowhere']) {
    const { headers } = await get(path, ours)
    assert.equal(headers['access-control-allow-origin'], ours, path)
    const exposed = String(headers['access-control-expose-headers']).split(', ')
    assert.deepEqual(exposed, ['etag', 'location', 'retry-after', 'x-request-id'])
    assert.equal((await get(path, theirs)).headers['access-control-allow-origin'], undefined)
  }
})

test('a document is another one for each origin to caches on the way', async (t) => {
  const { app } = await openApp(t, { apiKeys, corsOrigins: [ours, theirs] })
  const { headers } = await supertest(app.server).get('/openapi.json').set({ origin: ours })
  assert.match(String(headers['vary']), /\borigin\b.*\baccept-encoding\b/i)
})

test('without origins that are allowed nothing is said of any', async (t) => {
  const { app } = await openApp(t, { apiKeys })
  const { headers } = await supertest(app.server).get('/health/live').set('origin', ours)
  assert.deepEqual(
    [headers['access-control-allow-origin'], headers['vary']],
    [undefined, undefined],
  )
})

test('without keys a page of an allowed origin may ask this machine', async (t) => {
  const { app } = await openApp(t, { corsOrigins: [ours] })
  for (const [origin, status] of [
    [ours, 200],
    [theirs, 403],
  ] as const)
    assert.equal((await supertest(app.server).get('/v1/movies').set({ origin })).status, status)
})

test('long answers are compressed where the client accepts it, short ones never', async (t) => {
  const { app, importMovies, publish, serving, call } = await openApp(t)
  const lines = Array.from(
    { length: 100 },
    (_, i) => `m${i},A film of some length ${i} (2001),Drama`,
  )
  await importMovies(`movieId,title,genres\n${lines.join('\n')}\n`)
  await publish(dotBiasModel(), 'v1')
  await serving.refresh()
  const accepting = { 'accept-encoding': 'gzip, br' }
  const long = { method: 'GET', url: '/v1/movies?n=100' } as const
  const plain = await app.inject(long)
  const packed = await app.inject({ ...long, headers: accepting })
  assert.equal(plain.headers['content-encoding'], undefined)
  assert.equal(packed.headers['content-encoding'], 'gzip')
  assert.match(String(packed.headers['vary']), /accept-encoding/i)
  assert.equal(gunzipSync(packed.rawPayload).toString(), plain.body)
  assert.ok(packed.rawPayload.length < plain.rawPayload.length / 4)
  // Not the same bytes, so only a weak tag, which is good enough to be asked for by.
  assert.equal(packed.headers.etag, `W/${plain.headers.etag}`)
  const again = { ...accepting, 'if-none-match': String(packed.headers.etag) }
  assert.equal((await app.inject({ ...long, headers: again })).statusCode, 304)
  for (const path of ['/v1/movies?n=3', '/v1/users/u1/predictions/m1', '/v1/movies/m1'])
    assert.equal(
      (await call(`GET ${path}`, { headers: accepting })).headers['content-encoding'],
      undefined,
    )
})

test('genres come with how many movies have them, the most common first', async (t) => {
  const { importMovies, serving, call } = await openApp(t)
  assert.deepEqual((await call('GET /v1/genres')).body, { items: [] })
  await importMovies('movieId,title,genres\n1,A,Drama|Sci-Fi\n2,B,sci-fi|Action\n3,C,\n')
  await serving.refresh()
  const { status, headers, body } = await call('GET /v1/genres')
  assert.deepEqual(body.items, [
    { genre: 'Sci-Fi', movies: 2 },
    { genre: 'Action', movies: 1 },
    { genre: 'Drama', movies: 1 },
  ])
  const known = { 'if-none-match': String(headers.etag) }
  assert.deepEqual([status, (await call('GET /v1/genres', { headers: known })).status], [200, 304])
})

test('movies are given by their ids, in that order, and unknown ones are named', async (t) => {
  const { importMovies, publish, serving, call } = await openApp(t)
  await importMovies()
  await publish(dotBiasModel(), 'v1')
  await serving.refresh()
  const { body } = await call('GET /v1/movies?ids=x1,none,m2&ids=m6')
  const shown = body.items.map((movie: { movieId: string; displayTitle: string | null }) => [
    movie.movieId,
    movie.displayTitle,
  ])
  // Only the model knows m6, only the catalogue x1.
  assert.deepEqual(shown, [
    ['x1', 'Not Rated Yet'],
    ['m2', 'The Matrix'],
    ['m6', null],
  ])
  assert.deepEqual([body.nextCursor, body.unknownMovieIds], [null, ['none']])
  for (const query of ['ids=', 'ids=m1&title=x', 'ids=m1&genres=Drama'])
    assert.equal(
      (await call(`GET /v1/movies?${query}`)).body.errors[0].pointer.slice(0, 10),
      '/query/ids',
    )
})

test('lengths are called n everywhere, and whoever says otherwise is told', async (t) => {
  const { call } = await openApp(t)
  for (const path of ['movies?limit=1', 'training-jobs?limit=1', 'movies/rankings/mean?size=1']) {
    const { status, body } = await call(`GET /v1/${path}`)
    assert.deepEqual([status, body.errors[0].detail], [400, 'It is called n here'], path)
  }
})

test('links.csv gives movies their ids elsewhere, before or after they are imported', async (t) => {
  const { call } = await openApp(t)
  const send = (payload: string) => call('POST /v1/movies/import', { payload })
  const links = 'movieId,imdbId,tmdbId\n1,0114709,862\n2,114709.0,\n3,tt00x,1\n4,,9.0\n'
  const { body } = await send(links)
  assert.deepEqual([body.format, body.accepted, body.refusals[0].line], ['links.csv', 3, 4])
  await send('movieId,title,genres\n1,Toy Story (1995),Comedy\n2,B,\n')
  await send('movieId,title,imdbId\n4,D,tt0000007\n')
  const idsOf = async (id: string) => {
    const { imdbId, tmdbId, title } = (await call(`GET /v1/movies/${id}`)).body
    return [title, imdbId, tmdbId]
  }
  assert.deepEqual(await idsOf('1'), ['Toy Story', 'tt0114709', '862'])
  assert.deepEqual(await idsOf('2'), ['B', 'tt0114709', null])
  assert.deepEqual(await idsOf('4'), ['D', 'tt0000007', '9'])
  assert.equal((await call('GET /v1/movies/3')).status, 404)
})
