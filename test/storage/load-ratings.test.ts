import assert from 'node:assert/strict'
import { createReadStream } from 'node:fs'
import { test } from 'node:test'
import { textColumn } from '../../src/model/data/text-column.ts'
import { decodeTensors, encodeTensors, type Tensor } from '../../src/model/file/safetensors.ts'
import { encodeText } from '../../src/model/file/text-tensors.ts'
import { importRatings } from '../../src/storage/ratings/import-ratings.ts'
import { dataVersionOf, loadRatings } from '../../src/storage/ratings/load-ratings.ts'
import { decodeRatings } from '../../src/storage/ratings/ratings-segment.ts'
import { sealTensors } from '../../src/storage/segments/sealed-tensors.ts'
import { body, temporaryStore } from './bodies.ts'
import { movielens, needsMovielens } from './movielens.ts'

test('with no segment there are no ratings, of version "empty"', async (t) => {
  const { ratings, dataVersion } = await loadRatings(await temporaryStore(t))
  assert.equal(dataVersion, 'empty')
  assert.deepEqual([ratings.rating.length, ratings.users.size, ratings.movies.size], [0, 0, 0])
})

test('segments are merged in order into one vocabulary', async (t) => {
  const store = await temporaryStore(t)
  await importRatings(store, body('b\tx\t1\t5\na\ty\t2\t5\n'))
  await importRatings(store, body('a\tx\t3\t5\nb\tx\t4\t4\nå🎬\ty\t5\t6\n'))
  const { ratings } = await loadRatings(store)
  assert.deepEqual(ratings.users.ids, ['b', 'a', 'å🎬'])
  assert.deepEqual(ratings.movies.ids, ['x', 'y'])
  assert.deepEqual([...ratings.userIndex], [0, 1, 1, 2])
  assert.deepEqual([...ratings.movieIndex], [0, 1, 0, 1])
  assert.deepEqual([...ratings.rating], [1, 2, 3, 5])
  assert.deepEqual([...ratings.timestamp], [5, 5, 5, 6])
})

test('the version changes with every import, and only then', async (t) => {
  const store = await temporaryStore(t)
  const versions = [await dataVersionOf(store)]
  for (let i = 0; i < 3; i++) {
    await importRatings(store, body('1\t2\t3\n'))
    versions.push(await dataVersionOf(store))
    assert.equal((await loadRatings(store)).dataVersion, versions.at(-1))
  }
  assert.equal(new Set(versions).size, 4)
  await store.put('ratings/notes.txt', [])
  assert.equal(await dataVersionOf(store), versions.at(-1))
})

test('any flipped bit of a segment is noticed, with a sentence that names it', async (t) => {
  const store = await temporaryStore(t)
  await importRatings(store, body('somebody\tmovie\t2\n'))
  const { segment } = await importRatings(store, body('user\tmovie\t3.5\t4\nuser\tother\t1\n'))
  const key = `ratings/${segment}.segment`
  const bytes = await store.get(key)
  assert.ok(bytes)
  for (let at = 0; at < bytes.length; at++) {
    const mutant = new Uint8Array(bytes)
    mutant[at]! ^= 1 << (at % 8)
    await store.put(key, [mutant])
    const { ratings, damaged } = await loadRatings(store)
    assert.deepEqual([...ratings.rating], [2], `byte ${at}`)
    assert.deepEqual([damaged.length, damaged[0]?.key], [1, key])
    assert.ok(damaged[0]?.reason.startsWith(`The segment ${key} cannot be read. `))
  }
  await store.put(key, [bytes.subarray(0, -1)])
  assert.match((await loadRatings(store)).damaged[0]!.reason, /it is cut short\./)
})

test('a sealed segment with an id twice, or a rating that is no number, is damaged too', () => {
  const one = { shape: [1], data: Uint32Array.of(0) }
  const sealed = (users: string[], rating: number) => {
    const [userIds, movieIds] = [encodeText(textColumn(users)), encodeText(textColumn(['m']))]
    const tensors = new Map<string, Tensor>([
      ...(['user_index', 'movie_index', 'timestamp'] as const).map((name) => [name, one] as const),
      ['rating', { shape: [1], data: Float32Array.of(rating) }],
      ['user_ids.offsets', userIds.offsets],
      ['user_ids.bytes', userIds.bytes],
      ['movie_ids.offsets', movieIds.offsets],
      ['movie_ids.bytes', movieIds.bytes],
    ])
    return new Uint8Array(Buffer.concat(sealTensors('marquee-ratings', tensors)))
  }
  assert.equal(decodeRatings(sealed(['a', 'b'], 3), 'key').rating[0], 3)
  for (const [users, rating, message] of [
    [['a', 'a'], 3, /key cannot be read. a vocabulary has an id twice\./],
    [['a'], Number.NaN, /"rating" has NaN, expected a finite number\./],
    [['a'], Number.POSITIVE_INFINITY, /"rating" has Infinity/],
  ] as const)
    assert.throws(() => decodeRatings(sealed([...users], rating), 'key'), {
      code: 'damaged-segment',
      message,
    })
})

test('a segment that says something else of itself is refused with a sentence', async (t) => {
  const store = await temporaryStore(t)
  const { segment } = await importRatings(store, body('1\t2\t3\n'))
  const key = `ratings/${segment}.segment`
  const bytes = await store.get(key)
  assert.ok(bytes)
  const { tensors, metadata } = decodeTensors(bytes)
  for (const [change, message] of [
    [{ version: '2' }, /Got version 2, expected 1\./],
    [{ format: 'marquee-movies' }, /Got format marquee-movies, expected marquee-ratings\./],
    [{ sha256: 'f00' }, /Its checksum does not match/],
  ] as const) {
    await store.put(key, encodeTensors(tensors, { ...metadata, ...change }))
    assert.match((await loadRatings(store)).damaged[0]!.reason, message)
  }
})

test('segments that were put together while they were read are read again', async (t) => {
  const store = await temporaryStore(t)
  const first = await importRatings(store, body('1\t2\t3\n'))
  await importRatings(store, body('1\t2\t4\n'))
  let isFirstGet = true
  const compacting = {
    ...store,
    async get(key: string) {
      if (isFirstGet) await store.remove(`ratings/${first.segment}.segment`)
      isFirstGet = false
      return store.get(key)
    },
  }
  const { ratings, dataVersion } = await loadRatings(compacting)
  assert.deepEqual([...ratings.rating], [4])
  assert.equal(dataVersion, await dataVersionOf(store))
})

test('segments that never stay are an error, not an endless loop', async (t) => {
  const store = await temporaryStore(t)
  await importRatings(store, body('1\t2\t3\n'))
  await assert.rejects(loadRatings({ ...store, get: async () => null }), /5 attempts/)
})

test('real data come back as they were imported', needsMovielens, async (t) => {
  const store = await temporaryStore(t)
  const path = movielens('ml-100k/u.data')
  const report = await importRatings(store, createReadStream(path))
  assert.deepEqual([report.accepted, report.refused], [100_000, 0])
  const once = (await loadRatings(store)).ratings
  assert.deepEqual([once.rating.length, once.movies.size], [100_000, 1_682])
  await importRatings(store, createReadStream(path))
  const twice = (await loadRatings(store)).ratings
  for (const name of ['userIndex', 'movieIndex', 'rating', 'timestamp'] as const)
    assert.deepEqual(twice[name], once[name])
})
