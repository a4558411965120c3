import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request } from 'node:http'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { importMovies } from '../../src/storage/movies/import-movies.ts'
import { RatingColumns } from '../../src/storage/ratings/rating-columns.ts'
import { readUsers } from '../../src/storage/users/read-users.ts'
import { listen, openApp } from '../support/app.ts'
import { moviesCsv } from '../support/bench.ts'
import { dotBiasModel } from '../support/models.ts'

const header = 'userId,movieId,rating,timestamp\n'
/** Movies with genres of their own, the first of that number. */
const withGenres = (from: number, movies: number, each: number) =>
  `movieId,title,genres\n${Array.from({ length: movies }, (_, i) => {
    const genres = Array.from({ length: each }, (_, j) => `g${from + i * each + j}`)
    return `x${from + i},A Film,${genres.join('|')}\n`
  }).join('')}`

test('a file of more lines, or that unpacks to more, than may be is refused whole', async (t) => {
  const importLimits = {
    ...{ maxLines: 3, maxUncompressedBytes: 2_000_000, maxCompressionRatio: 50, maxIds: 3 },
  }
  const { call, store } = await openApp(t, { importLimits })
  const lines = (count: number) => header + '1,2,3,4\n'.repeat(count)
  assert.equal((await call('POST /v1/ratings/import', { payload: lines(2) })).status, 200)
  const stored = await store.list('')
  for (const [path, payload, status, detail] of [
    ['ratings', lines(3), 413, /more than 3 lines/],
    ['ratings', `${header}1,2,3,4\n3,4,3,4\n`, 413, /more than 3 different users and movies/],
    ['movies', `${moviesCsv}`, 413, /more than 3 lines/],
    ['users', 'userId,job\n1,a\n2,a\n3,a\n', 413, /more than 3 lines/],
    ['ratings', gzipSync(lines(400_000)), 413, /more than 3 lines/],
    ['movies', gzipSync(`movieId,title\n${'1'.repeat(1_500_000)}`), 422, /50 times its size/],
    [
      'users',
      gzipSync(`userId,job\n${'1'.repeat(2_500_000)}`),
      422,
      /times its size|2000000 bytes/,
    ],
  ] as const) {
    const refused = await call(`POST /v1/${path}/import`, { payload })
    assert.deepEqual([refused.status, detail.test(refused.body.detail)], [status, true], path)
  }
  assert.deepEqual(await store.list(''), stored)
})

test('of more imports at once than may be, one more is asked to come again', async (t) => {
  const { app, call } = await openApp(t, { importLimits: { atOnce: 1 } })
  const headers = { expect: '100-continue' }
  const first = request(`${await listen(app)}/v1/ratings/import`, { method: 'POST', headers })
  t.after(() => first.destroy())
  const answered = once(first, 'response')
  await once(first, 'continue')
  const second = await call('POST /v1/movies/import', { payload: moviesCsv })
  assert.deepEqual([second.status, second.body.code], [503, 'too-many-imports'])
  assert.equal(second.headers['retry-after'], '5')
  first.end(`${header}1,2,3,4\n`)
  const [{ statusCode }] = await answered
  assert.equal(statusCode, 200)
  assert.equal((await call('POST /v1/movies/import', { payload: moviesCsv })).status, 200)
})

test('movies that would make a catalogue that cannot serve are not stored', async (t) => {
  const { call, store, serving, publish } = await openApp(t)
  await publish(dotBiasModel(), 'v1')
  await serving.refresh()
  const send = (csv: string) => call('POST /v1/movies/import', { payload: csv })
  assert.equal((await send(withGenres(0, 60, 100))).body.accepted, 60)
  const stored = await store.list('')
  const refused = await send(withGenres(6_000, 60, 100))
  assert.deepEqual([refused.status, refused.body.code], [422, 'import-refused'])
  assert.match(refused.body.detail, /12000 genres, at most 10000 .* Nothing was stored\.$/)
  assert.deepEqual(await store.list(''), stored)
  assert.equal((await send(moviesCsv)).status, 200, 'others go on')
  assert.equal(serving.catalogue().find('m1')?.title, 'Amélie')
})

test('a million genres in 120 lines are refused line by line', async (t) => {
  const { call } = await openApp(t, { importLimitBytes: 20_000_000 })
  const { status, body } = await call('POST /v1/movies/import', {
    payload: withGenres(0, 120, 8_333),
  })
  assert.deepEqual([status, body.code, body.errors.length], [422, 'no-good-line', 100])
})

test('what a segment would make is tried before it is stored', async (t) => {
  const { store } = await openApp(t)
  const tryOut = async (segment: Uint8Array) => {
    assert.ok(segment.length > 0)
    assert.deepEqual(await store.list('movies/'), [])
    throw new Error('it does not serve')
  }
  const body = Readable.from([Buffer.from(moviesCsv)])
  await assert.rejects(importMovies(store, body, { tryOut }), /it does not serve/)
  assert.deepEqual(await store.list(''), [])
})

test('ids that are too long in all end an import, and a user has so many values', async () => {
  const columns = new RatingColumns({ mostIdBytes: 14 })
  columns.add('12345', 'm', 1, 0)
  columns.add('12345', 'n', 1, 0)
  columns.add('67890', 'é', 1, 0)
  assert.throws(() => columns.add('x', 'm', 1, 0), { code: 'too-large', message: /14 bytes/ })
  const values = (count: number) => Array.from({ length: count }, (_, i) => `v${i}`).join('|')
  const csv = `userId,tags\n1,${values(101)}\n2,${values(100)}\n`
  const { users, refusals } = await readUsers(Readable.from([Buffer.from(csv)]))
  assert.deepEqual([...users.keys()], ['2'])
  assert.match(refusals[0]!.reason, /it has 101 values, at most 100 are taken/)
})
