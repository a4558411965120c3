import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, type TestContext, test } from 'node:test'
import { scaleSource } from '../../src/http/routes/ratings/rating-check.ts'
import { declareScale } from '../../src/storage/ratings/declared-scale.ts'
import { openApp } from '../support/app.ts'
import { dotBiasModel } from '../support/models.ts'
import { startRedis, type TestRedis } from '../support/redis.ts'

let server: TestRedis
before(async () => {
  server = await startRedis()
})
after(() => server.stop())

async function openRated(t: TestContext) {
  const prefix = `test-${randomBytes(6).toString('hex')}`
  return openApp(t, { redis: { redisUrl: server.url, prefix } })
}

const asLines = { 'content-type': 'application/x-ndjson' }

test('a rating is put and taken back, of anybody and any movie, before there is a model', async (t) => {
  const { call } = await openRated(t)
  const before = Math.floor(Date.now() / 1_000)
  const put = await call('PUT /v1/users/new%20user/ratings/new', { payload: { rating: 4.5 } })
  assert.equal(put.status, 200)
  const { timestamp, ...rest } = put.body
  assert.deepEqual(rest, { userId: 'new user', movieId: 'new', rating: 4.5 })
  assert.ok(timestamp >= before)
  const gone = await call('DELETE /v1/users/new%20user/ratings/new')
  assert.deepEqual([gone.status, gone.text], [204, ''])
})

test('ratings that nobody could give are refused with the member that is wrong', async (t) => {
  const bench = await openRated(t)
  const { call } = bench
  const refused = async (path: string, payload: object) => {
    const { status, body } = await call(`PUT ${path}`, { payload })
    assert.deepEqual([status, body.code], [400, 'invalid-request'])
    return body.errors[0].pointer
  }
  assert.equal(await refused('/v1/users/a%0A/ratings/m', { rating: 4 }), '/path/userId')
  assert.equal(await refused('/v1/users/a/ratings/%20m', { rating: 4 }), '/path/movieId')
  assert.equal(await refused('/v1/users/a/ratings/m', { rating: '4' }), '/rating')
  assert.equal(await refused('/v1/users/a/ratings/m', { rating: 1e300 }), '/rating')
  const inTheFuture = { rating: 4, timestamp: Math.floor(Date.now() / 1_000) + 200_000 }
  assert.equal(await refused('/v1/users/a/ratings/m', inTheFuture), '/timestamp')
  // Off the scale of the model's visitors, then off the one that is declared.
  await call('PUT /v1/users/a/ratings/m', { payload: { rating: 99 } })
  await bench.publish(dotBiasModel(), 'v1')
  await bench.serving.refresh()
  assert.equal(await refused('/v1/users/a/ratings/m', { rating: 99 }), '/rating')
  await call('POST /v1/ratings/import?ratingScale=0,100', {
    payload: 'userId,movieId,rating\na,b,1\n',
  })
  let status = 0
  while (status !== 200)
    status = (await call('PUT /v1/users/a/ratings/m', { payload: { rating: 99 } })).status
  assert.equal(await refused('/v1/users/a/ratings/m', { rating: 101 }), '/rating')
})

test('while the store is silent or away, ratings are held to the scale that was known', async (t) => {
  t.mock.timers.enable({ apis: ['Date'] })
  const { store, serving } = await openApp(t)
  await declareScale(store, [1, 7])
  let list = store.list
  const scaleOf = scaleSource({ store: { ...store, list: (prefix) => list(prefix) }, serving })
  assert.deepEqual(await scaleOf(), [1, 7])
  await declareScale(store, [1, 9])
  for (const away of [async () => assert.fail('away'), () => new Promise<never>(() => {})]) {
    list = away
    t.mock.timers.tick(1_001)
    for (let i = 0; i < 3; i++) assert.deepEqual(await scaleOf(), [1, 7])
  }
})

test('a batch, an array or lines, says of each line whether it was taken', async (t) => {
  const { call } = await openRated(t)
  const items = [
    { userId: 'a', movieId: 'm', rating: 4 },
    { userId: 7, movieId: 8, rating: 4, timestamp: 1_000 },
    { userId: 'a', movieId: 'm' },
    { userId: 'a', movieId: 'm', rating: 4, stars: 5 },
    'nothing',
  ]
  const expected = [
    null,
    null,
    'rating: expected a number',
    'expected no fields but userId, movieId, rating, timestamp',
    'expected an object with userId, movieId and rating',
  ]
  const array = await call('POST /v1/ratings/batch', { payload: items })
  const payload = `${items.map((item) => JSON.stringify(item)).join('\r\n')}\r\n\n`
  const lines = await call('POST /v1/ratings/batch', { payload, headers: asLines })
  for (const { status, body } of [array, lines]) {
    assert.deepEqual([status, body.accepted, body.refused], [200, 2, 3])
    assert.deepEqual(
      body.results,
      expected.map((reason, i) => ({ line: i + 1, reason })),
    )
  }
})

test('a batch that is none, or too long, is refused whole', async (t) => {
  const { call } = await openRated(t)
  const outcome = async (payload: string, headers: Record<string, string>) => {
    const { status, body } = await call('POST /v1/ratings/batch', { payload, headers })
    return [status, body.code]
  }
  const json = { 'content-type': 'application/json' }
  assert.deepEqual(await outcome('{"a":1}', json), [400, 'invalid-request'])
  assert.deepEqual(await outcome('[{', json), [400, 'invalid-request'])
  assert.deepEqual(await outcome('1\n'.repeat(10_001), asLines), [413, 'too-large'])
  assert.deepEqual(await outcome('1', { 'content-type': 'text/csv' }), [
    415,
    'unsupported-media-type',
  ])
  const key = { ...json, 'idempotency-key': 'ä' }
  assert.deepEqual(await outcome('[]', key), [400, 'invalid-request'])
})

test('a batch that comes again with its key gets the first answer, another body 409', async (t) => {
  const { call } = await openRated(t)
  const send = (payload: object[]) =>
    call('POST /v1/ratings/batch', { payload, headers: { 'idempotency-key': 'k-1' } })
  const batch = [{ userId: 'a', movieId: 'm', rating: 4 }, {}]
  const answers = await Promise.all([send(batch), send(batch), send(batch)])
  await call('PUT /v1/users/a/ratings/m', { payload: { rating: 2 } })
  const again = await send(batch)
  for (const { status, body } of answers) assert.deepEqual([status, body], [200, again.body])
  const rating = await call('POST /v1/ratings/compaction')
  // One of the four, and the rating that was put.
  assert.equal(rating.body.upTo.seq, 2)
  const other = await send([{ userId: 'a', movieId: 'm', rating: 5 }])
  assert.deepEqual([other.status, other.body.code], [409, 'idempotency-key-reused'])
})

test('a batch of which nothing was taken may come again, mended, with its key', async (t) => {
  const { call } = await openRated(t)
  const send = (payload: object[]) =>
    call('POST /v1/ratings/batch', { payload, headers: { 'idempotency-key': 'k-2' } })
  assert.equal((await send([{ user: 'a', movieId: 'm', rating: 4 }])).body.accepted, 0)
  assert.equal((await send([{ userId: 'a', movieId: 'm', rating: 4 }])).body.accepted, 1)
})

test('while Redis is away, what is told is answered with 503 and when to come again', async (t) => {
  const { call } = await openRated(t)
  await server.kill()
  for (const answer of await Promise.all([
    call('PUT /v1/users/a/ratings/m', { payload: { rating: 4 } }),
    call('DELETE /v1/users/a/ratings/m'),
    call('POST /v1/ratings/batch', { payload: [{ userId: 'a', movieId: 'm', rating: 4 }] }),
    call('POST /v1/ratings/compaction'),
  ])) {
    assert.deepEqual([answer.status, answer.body.code], [503, 'log-unavailable'])
    assert.equal(answer.headers['retry-after'], '5')
  }
  await server.restart()
  let status = 0
  while (status !== 200)
    status = (await call('PUT /v1/users/a/ratings/m', { payload: { rating: 4 } })).status
})
