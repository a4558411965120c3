import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import { foldLive } from '../../src/live/folding/fold.ts'
import { liveKeys } from '../../src/live/live-keys.ts'
import { jsonOf } from '../../src/storage/model-files.ts'
import { importRatings } from '../../src/storage/ratings/import-ratings.ts'
import { loadRatings } from '../../src/storage/ratings/load-ratings.ts'
import { openApp } from '../support/app.ts'
import { keptLog, openStore } from '../support/bench.ts'
import { dotBiasModel } from '../support/models.ts'
import { redisOfFile } from '../support/redis.ts'

const { server, redis } = await redisOfFile()

const csv = 'userId,movieId,rating,timestamp\nu1,m1,4.5,1000\nu1,m2,3,\n"a,""b",m1,0.1,2000\n'

test('an export has files and live ratings, and gives the same ratings when it is imported', async (t) => {
  const prefix = 'test-export'
  const { call, store } = await openApp(t, { redis: { redisUrl: server.url, prefix } })
  await call('POST /v1/ratings/import', { payload: csv })
  const rate = (target: string, rating: number) =>
    call(`PUT /v1/users/${target}`, { payload: { rating, timestamp: 3000 } })
  await rate('u1/ratings/m1', 2)
  const keys = liveKeys(prefix)
  const options = { redis, keys, store, logger: keptLog().logger }
  await foldLive(options)
  await rate('u2/ratings/m3', 5)
  await call('DELETE /v1/users/u1/ratings/m2')

  const { text, headers } = await call('GET /v1/ratings/export')
  assert.match(String(headers['content-type']), /^text\/csv/)
  const rows = ['"a,""b",m1,0.1,2000', 'u1,m1,2,3000', 'u2,m3,5,3000']
  assert.deepEqual(text.trim().split('\n').sort(), [...rows, 'userId,movieId,rating,timestamp'])
  await foldLive(options)
  assert.equal((await call('GET /v1/ratings/export')).text, text)

  const fresh = await openStore(t)
  await importRatings(fresh.store, Readable.from([Buffer.from(text)]))
  const sumOf = ({ rating }: { rating: Float32Array }) => rating.toSorted().join()
  const [own, back] = [await loadRatings(store), await loadRatings(fresh.store)]
  assert.equal(sumOf(back.ratings), sumOf(own.ratings))
  assert.deepEqual(back.ratings.users.ids.toSorted(), own.ratings.users.ids.toSorted())
})

test('a user is told all that is known of them', async (t) => {
  const { call, publish, serving } = await openApp(t, {
    redis: { redisUrl: server.url, prefix: 'test-known' },
  })
  await publish(dotBiasModel(), 'v1')
  await serving.refresh()
  const { body: ratings } = await call('POST /v1/ratings/import', { payload: csv })
  const { body: users } = await call('POST /v1/users/import', {
    payload: 'userId,job,age\nu1,writer,30\nu2,cook,20\n',
  })
  await call('PUT /v1/users/u1/ratings/m9', { payload: { rating: 5, timestamp: 3000 } })
  await call('DELETE /v1/users/u1/ratings/m1')
  const { body } = await call('GET /v1/users/u1/export')
  const { timestamp: takenBackAt, ...takenBack } = body.ratings.pop()
  assert.deepEqual(takenBack, { movieId: 'm1', rating: null, import: null })
  assert.ok(takenBackAt > 3000)
  assert.deepEqual(body, {
    userId: 'u1',
    ratings: [
      { movieId: 'm1', rating: 4.5, timestamp: 1000, import: ratings.segment },
      { movieId: 'm2', rating: 3, timestamp: null, import: ratings.segment },
      { movieId: 'm9', rating: 5, timestamp: 3000, import: null },
    ],
    attributes: [
      { name: 'job', value: 'writer', import: users.segment },
      { name: 'age', value: '30', import: users.segment },
    ],
    models: [{ model: 'v1', ratings: 3 }],
  })
  assert.deepEqual((await call('GET /v1/users/nobody/export')).body.ratings, [])
})

test('statistics count what counts, and what came after the data of the model', async (t) => {
  const { call, registry, publish, serving, store } = await openApp(t, {
    redis: { redisUrl: server.url, prefix: 'test-count' },
  })
  const counts = async () => (await call('GET /v1/statistics')).body
  assert.deepEqual([(await counts()).ratings, (await counts()).sinceModel], [0, null])
  await call('POST /v1/ratings/import', { payload: csv })
  await call('PUT /v1/users/u1/ratings/m1', { payload: { rating: 1, timestamp: 4000 } })
  const { live, newestImport } = await loadRatings(store)
  await publish(dotBiasModel(), 'v0')
  const card = await registry.card('v0')
  const data = { ...card.data, live: [...live], newestImport }
  await store.put('models/v0/card.json', [jsonOf({ ...card, data })])
  await serving.refresh()
  const later = await call('POST /v1/ratings/import', {
    payload: 'u7\tm7\t4\t1000\nu1\tm1\t5\t1000\n',
  })
  assert.deepEqual(await counts(), {
    ...{ ratings: 4, users: 3, movies: 3, catalogue: 0, newest: '1970-01-01T01:06:40.000Z' },
    sources: { imports: { imports: 2, ratings: 5 }, live: { events: 1 } },
    sinceModel: { model: 'v0', imports: 1, ratings: 2, live: 1 },
  })
  await call(`DELETE /v1/imports/${later.body.segment}`)
  const { ratings, sinceModel } = await counts()
  assert.deepEqual([ratings, sinceModel.imports], [3, 0])
})
