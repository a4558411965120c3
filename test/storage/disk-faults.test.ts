import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import { Vocabulary } from '../../src/model/data/vocabulary.ts'
import { openCatalogue } from '../../src/serving/catalogue/catalogue.ts'
import { prepareCatalogue } from '../../src/serving/catalogue/catalogue-table.ts'
import { ImportFollower } from '../../src/serving/live/import-follower.ts'
import { LiveOverlay } from '../../src/serving/live/live-overlay.ts'
import { tryMovies } from '../../src/serving/load/try-movies.ts'
import { createTaskRunner, inPlace } from '../../src/serving/thread/task-runner.ts'
import { eraseFromModels } from '../../src/storage/erasures/erase-models.ts'
import { openReceipt } from '../../src/storage/erasures/receipts.ts'
import { checkModels } from '../../src/storage/integrity/check-models.ts'
import { sweepLeftovers } from '../../src/storage/integrity/leftovers.ts'
import { watchStore } from '../../src/storage/integrity/store-health.ts'
import { createModelRegistry } from '../../src/storage/model-registry.ts'
import type { ObjectStore } from '../../src/storage/object-store.ts'
import { owner } from '../../src/storage/owner.ts'
import { importRatings } from '../../src/storage/ratings/import-ratings.ts'
import { onDisk } from '../../src/storage/store-fault.ts'
import { keptLog, openStore } from '../support/bench.ts'
import { dotBiasModel } from '../support/models.ts'

const model = { ...dotBiasModel(), users: new Vocabulary(['u1', 'bob', 'u3', 'u4']) }
const nobody = async () => false

/** The store, on whose disk one kind of access to some keys fails, `times` often. */
function failing(
  store: ObjectStore,
  method: 'get' | 'open' | 'put',
  keys: RegExp,
  code: string,
  times = Number.POSITIVE_INFINITY,
): ObjectStore {
  const access = store[method] as (key: string, ...rest: unknown[]) => Promise<unknown>
  let left = times
  const tried = async (key: string, ...rest: unknown[]) => {
    if (keys.test(key) && left-- > 0)
      await onDisk(method === 'put', async () => {
        throw Object.assign(new Error(code), { code, syscall: 'x' })
      })
    return access(key, ...rest)
  }
  return { ...store, [method]: tried }
}

for (const [what, method, code] of [
  ['write that finds no room', 'put', 'ENOSPC'],
  ['write that is refused', 'put', 'EROFS'],
  ['read that fails once', 'get', 'EMFILE'],
] as const)
  test(`a ${what} ends an erasure, and no model is lost`, async (t) => {
    const { store, publish } = await openStore(t)
    await publish(model, 'v1', 1)
    const receipt = await openReceipt(store, 'bob', { epoch: 'abc', seq: 4 })
    const before = await store.list('models/')
    const faulty = failing(store, method, /model(-1001)?\.safetensors/, code, 1)
    const registry = createModelRegistry(faulty)
    await assert.rejects(eraseFromModels(faulty, registry, receipt, nobody), {
      name: 'MarqueeError',
    })
    assert.deepEqual(await store.list('models/'), before)
    await eraseFromModels(store, createModelRegistry(store), receipt, nobody)
    assert.equal((await createModelRegistry(store).card('v1')).revision, 1)
  })

test('a read that fails once is no damage to a watch, and is looked at again', async (t) => {
  const { store, publish } = await openStore(t)
  await publish(model, 'v1', 1)
  const faulty = failing(store, 'open', /v1\/model/, 'EMFILE', 1)
  const { logger, lines } = keptLog()
  const options = { store: faulty, registry: createModelRegistry(faulty), logger }
  const health = watchStore({ ...options, pollMs: 3_600_000 })
  t.after(() => health.close())
  await health.look()
  await health.look()
  assert.deepEqual([...health.damage()], [])
  assert.equal(lines.filter(({ key }) => key === 'models/v1/card.json').length, 1)
  await store.put('models/v1/model.safetensors', [Buffer.from('no model')])
  await health.look()
  assert.deepEqual([...health.damage().keys()], ['models/v1/card.json'])
})

test('a read that fails is no damage to a check', async (t) => {
  const { store, publish } = await openStore(t)
  await publish(model, 'v1', 1)
  const before = await store.list('')
  const check = async (faulty: ObjectStore) => {
    for await (const { repair } of checkModels(faulty)) await repair()
  }
  for (const keys of [/card/, /v1\/model/, /report/])
    await assert.rejects(check(failing(store, 'get', keys, 'EMFILE', 1)), { code: 'internal' })
  assert.deepEqual(await store.list(''), before)
})

test('a training does not take the place of a held model whose card is not readable now', async (t) => {
  const { store, registry, publish } = await openStore(t)
  await publish(model, 'v1', 1)
  await publish(model, 'v2', 2)
  await registry.rollback()
  const faulty = createModelRegistry(failing(store, 'get', /v1\/card/, 'EMFILE'))
  await publish(model, 'v3', 3)
  await assert.rejects(faulty.promoteIfNew('v3'), { code: 'internal' })
  assert.equal(await registry.current(), 'v1')
})

test('movies that cannot be tried because of the disk are not refused', async (t) => {
  const { store, importMovies } = await openStore(t)
  await importMovies()
  const [key] = await store.list('movies/')
  const bytes = (await store.get(key!))!
  const now = openCatalogue(prepareCatalogue([], '').table, [])
  const tasks = createTaskRunner()
  t.after(() => tasks.close())
  const faulty = failing(store, 'get', /movies/, 'EMFILE')
  await assert.rejects(
    tryMovies({ store: faulty, tasks }, bytes, now, async () => {}),
    { code: 'internal' },
  )
  const join = () => Promise.reject(new RangeError('too many'))
  await assert.rejects(tryMovies({ store, tasks }, bytes, now, join), { code: 'import-refused' })
})

test('each process probes under a key of its own, and what one left goes once it has ended', async (t) => {
  const { folder, store } = await openStore(t)
  const put: string[] = []
  const watched: ObjectStore = {
    ...store,
    async put(key, parts) {
      put.push(key)
      await store.put(key, parts)
    },
  }
  const { logger } = keptLog()
  const registry = createModelRegistry(watched)
  const health = watchStore({ store: watched, registry, logger, pollMs: 3_600_000 })
  t.after(() => health.close())
  assert.equal(await health.fault(), null)
  assert.deepEqual(put, [`probe/${owner}`])
  const ended = owner.replace(/\d+$/, '1')
  for (const mark of [owner, ended]) await store.put(`probe/${mark}`, [])
  await sweepLeftovers(folder, `${folder}/none`)
  assert.deepEqual(await store.list('probe/'), [`probe/${owner}`])
})

test('an import that cannot be read now counts from a later look on, one that is damaged never', async (t) => {
  const { store } = await openStore(t)
  const csv = 'userId,movieId,rating,timestamp\nu1,m1,4,1\nu2,m2,3,2\n'
  await importRatings(store, Readable.from([Buffer.from(csv)]))
  const [key] = await store.list('ratings/')
  const overlay = new LiveOverlay()
  const faulty = failing(store, 'get', /^ratings/, 'EMFILE', 1)
  const { logger, lines } = keptLog()
  const imports = new ImportFollower(faulty, inPlace, overlay, () => '', logger)
  await imports.look()
  assert.deepEqual([overlay.imports, lines.length], ['', 1])
  await imports.look()
  assert.notEqual(overlay.imports, '')

  const bytes = (await store.get(key!))!
  bytes[bytes.length - 5]! ^= 1
  await store.put(key!, [bytes])
  const later = new ImportFollower(store, inPlace, new LiveOverlay(), () => '', logger)
  for (let look = 0; look < 3; look++) await later.look()
  assert.equal(lines.length, 2)
})
