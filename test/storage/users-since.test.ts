import assert from 'node:assert/strict'
import { test } from 'node:test'
import { importRatings } from '../../src/storage/ratings/import-ratings.ts'
import { usersSince } from '../../src/storage/ratings/users-since.ts'
import { segmentNames } from '../../src/storage/segments/segment-names.ts'
import { openStore } from '../support/bench.ts'
import { body } from './bodies.ts'

test('the users that a model may lack are those of the imports since', async (t) => {
  const { store } = await openStore(t)
  for (const users of [
    ['1', '2', '3'],
    ['3', '4'],
  ])
    await importRatings(
      store,
      body(`userId,movieId,rating,timestamp\n${users.map((id) => `${id},7,4,1\n`).join('')}`),
    )
  const [first, second] = await segmentNames(store, 'ratings')
  assert.equal(await usersSince(store, {}), 5)
  assert.equal(await usersSince(store, { newestImport: first! }), 2)
  assert.equal(await usersSince(store, { newestImport: second! }), 0)
})
