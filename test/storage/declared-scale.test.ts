import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MarqueeError } from '../../src/errors.ts'
import type { RatingScale } from '../../src/model/data/rating-scale.ts'
import {
  declaredScaleOf,
  declareScale,
  decodeScale,
} from '../../src/storage/ratings/declared-scale.ts'
import { importRatings } from '../../src/storage/ratings/import-ratings.ts'
import { dataVersionOf, loadRatings } from '../../src/storage/ratings/load-ratings.ts'
import { body, temporaryStore } from './bodies.ts'

const file = 'u\ta\t4\t9\nu\tb\t0.1\t9\nu\tc\t45\t9\nv\td\t-3\t9\n'

test('the scale that was declared last is that of the store', async (t) => {
  const store = await temporaryStore(t)
  assert.equal(await declaredScaleOf(store), null)
  for (const scale of [
    [1, 5],
    [-10, 10],
    [0.1, 0.7],
  ] as RatingScale[]) {
    await declareScale(store, scale)
    assert.deepEqual(await declaredScaleOf(store), scale)
  }
  const keys = await store.list('rating-scales/')
  await declareScale(store, [0.1, 0.7])
  assert.deepEqual(await store.list('rating-scales/'), keys, 'once is enough')
  await store.put(keys.at(-1)!, [Buffer.from('[1')])
  assert.deepEqual(await declaredScaleOf(store), [-10, 10], 'a damaged one is none')
})

test('no flipped bit of a declaration gives another scale', async (t) => {
  const store = await temporaryStore(t)
  await declareScale(store, [1, 5])
  const [key] = await store.list('rating-scales/')
  const bytes = (await store.get(key!))!
  for (let at = 0; at < 8 * bytes.length; at++) {
    const mutant = new Uint8Array(bytes)
    mutant[at >> 3]! ^= 1 << (at % 8)
    assert.throws(() => decodeScale(mutant, key!), { code: 'damaged-segment' })
  }
  assert.deepEqual(decodeScale(Buffer.from('[1,5]'), key!), [1, 5], 'as earlier releases wrote it')
})

test('an import within a declared scale refuses what lies outside, whoever declared it', async (t) => {
  const store = await temporaryStore(t)
  const { accepted, refusals } = await importRatings(store, body(file), { scale: [0.1, 5] })
  assert.deepEqual(
    [accepted, refusals.map(({ line }) => line)],
    [2, [3, 4]],
    'the lowest rating is on the scale, though it is no single',
  )
  assert.equal((await importRatings(store, body(file))).refused, 2)
  await assert.rejects(importRatings(store, body(file), { scale: [60, 70] }), MarqueeError)
  assert.deepEqual(await declaredScaleOf(store), [0.1, 5], 'nothing stored, nothing declared')
})

test('stored ratings outside a scale that was declared later wait for a wider one', async (t) => {
  const store = await temporaryStore(t)
  const movies = async () => {
    const { ratings, dataVersion } = await loadRatings(store)
    assert.equal(dataVersion, await dataVersionOf(store))
    const shown = Array.from(ratings.movieIndex, (movie) => ratings.movies.idOf(movie)).join('')
    return { shown, dataVersion, declared: ratings.declaredScale }
  }
  await importRatings(store, body(file))
  const all = await movies()
  assert.deepEqual([all.shown, all.declared], ['abcd', undefined])
  await declareScale(store, [0.1, 5])
  const less = await movies()
  assert.deepEqual([less.shown, less.declared], ['ab', [0.1, 5]])
  await declareScale(store, [-3, 45])
  const again = await movies()
  assert.equal(again.shown, 'abcd')
  assert.equal(new Set([all, less, again].map(({ dataVersion }) => dataVersion)).size, 3)
})

test('ratings far off the others are taken, and the report names their lines', async (t) => {
  const store = await temporaryStore(t)
  const lines = Array.from({ length: 60 }, (_, i) => `u${i},m,${(i % 5) + 1}`)
  const csv = ['userId,movieId,rating', ...lines, 'x,m,bad', 'y,m,45.5', 'z,m,5'].join('\n')
  const { accepted, scale } = await importRatings(store, body(csv))
  assert.equal(accepted, 62)
  assert.deepEqual(scale, {
    ...{ lowest: 1, highest: 5, declared: null, farOff: 1 },
    farOffRatings: [{ line: 63, rating: 45.5 }],
  })
})

test('a time that was in the future when it was stored is not known', async (t) => {
  const store = await temporaryStore(t)
  const { segment } = await importRatings(store, body('u\ta\t4\t1500000000\nu\tb\t4\t9\n'))
  const bytes = (await store.get(`ratings/${segment}.segment`))!
  await store.remove(`ratings/${segment}.segment`)
  await store.put(`ratings/1000000000000-${segment.slice(14)}.segment`, [bytes])
  assert.deepEqual([...(await loadRatings(store)).ratings.timestamp], [0, 9])
})
