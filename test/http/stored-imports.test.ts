import assert from 'node:assert/strict'
import { truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { loadRatings } from '../../src/storage/ratings/load-ratings.ts'
import { encodeRatings } from '../../src/storage/ratings/ratings-segment.ts'
import { putSegment } from '../../src/storage/segments/segment-names.ts'
import { apiKeys, keyEntries, keys, openApp } from '../support/app.ts'
import { dotBiasModel } from '../support/models.ts'

const admin = { headers: { 'x-api-key': keys.admin } }
const write = { 'x-api-key': keys.write }

test('imports are listed with their counts and the key they came with, in pages', async (t) => {
  const { call, store, folder } = await openApp(t, { apiKeys })
  const { ratings } = await loadRatings(store)
  const earlier = await putSegment(store, 'ratings', encodeRatings(ratings))
  const csv = 'userId,movieId,rating\n1,10,4.5\n1,11,bad\n2,10,3\n'
  const { body } = await call('POST /v1/ratings/import', { headers: write, payload: csv })
  await call('POST /v1/movies/import', { headers: write, payload: 'movieId,title\n10,Ten\n' })
  await call('POST /v1/users/import', { headers: write, payload: 'userId,job\n1,writer\n2,x\n' })

  const all = await call('GET /v1/imports', admin)
  assert.deepEqual(
    all.body.items.map((item: Record<string, unknown>) => [item['kind'], item['rows']]),
    [
      ['users', 2],
      ['movies', 1],
      ['ratings', 2],
      ['ratings', 0],
    ],
  )
  const one = await call(`GET /v1/imports/${body.segment}`, admin)
  const { importedAt, ...rest } = one.body
  assert.ok(Math.abs(Date.parse(importedAt) - Date.now()) < 60_000)
  assert.deepEqual(rest, {
    id: body.segment,
    kind: 'ratings',
    rows: 2,
    damage: null,
    format: 'ratings.csv',
    accepted: 2,
    refused: 1,
    key: `write:${keyEntries.find(({ role }) => role === 'write')!.sha256.slice(0, 8)}`,
  })
  const old = await call(`GET /v1/imports/${earlier}`, admin)
  assert.deepEqual([old.body.accepted, old.body.key], [null, null])

  const first = await call('GET /v1/imports?n=3', admin)
  const second = await call(`GET /v1/imports?n=3&cursor=${first.body.nextCursor}`, admin)
  assert.deepEqual([...first.body.items, ...second.body.items], all.body.items)
  assert.equal(second.body.nextCursor, null)

  await truncate(join(folder, `ratings/${body.segment}.segment`), 100)
  assert.equal((await call(`GET /v1/imports/${body.segment}`, admin)).body.rows, null)
  assert.equal((await call(`DELETE /v1/imports/${body.segment}`, admin)).status, 200)
  assert.equal((await call('GET /v1/imports/none', admin)).body.code, 'unknown-import')
})

test('an import that is taken back leaves all as it was before', async (t) => {
  const { call, store, publish, serving, importMovies } = await openApp(t)
  await publish(dotBiasModel(), 'v1')
  await importMovies()
  await call('POST /v1/ratings/import?ratingScale=1,5', {
    payload: 'userId,movieId,rating\na,m1,4\nb,m1,2\n',
  })
  await serving.refresh()
  const before = [await loadRatings(store), (await call('GET /v1/movies?title=e')).body]
  const wrong = [
    await call('POST /v1/ratings/import?ratingScale=0.5,9', {
      payload: 'userId,movieId,rating\na,m1,9\nc,m2,0.5\n',
    }),
    await call('POST /v1/movies/import', { payload: 'movieId,title\nm1,Renamed\nm9,New\n' }),
  ]
  assert.equal((await call('GET /v1/movies/m9')).body.title, 'New')
  for (const { body } of wrong)
    assert.equal((await call(`DELETE /v1/imports/${body.segment}`)).status, 200)

  assert.deepEqual([await loadRatings(store), (await call('GET /v1/movies?title=e')).body], before)
  assert.equal((await call('GET /v1/movies/m9')).body.code, 'unknown-movie')
  const again = await call(`DELETE /v1/imports/${wrong[0]!.body.segment}`)
  assert.equal(again.body.code, 'unknown-import')
})
