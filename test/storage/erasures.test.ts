import assert from 'node:assert/strict'
import { cp, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import fc from 'fast-check'
import { Vocabulary } from '../../src/model/data/vocabulary.ts'
import { decodeModel } from '../../src/model/file/model-file.ts'
import type { Model } from '../../src/model/model.ts'
import { createScorer } from '../../src/model/scorer.ts'
import { withoutUsers } from '../../src/model/without-users.ts'
import { eraseFromModels } from '../../src/storage/erasures/erase-models.ts'
import { eraseAttributes, eraseRatings } from '../../src/storage/erasures/erase-segments.ts'
import {
  erasureSteps,
  finishedAt,
  noteDone,
  openReceipt,
  type Receipt,
  readReceipt,
  unfinishedReceipts,
} from '../../src/storage/erasures/receipts.ts'
import { createFileStore } from '../../src/storage/file-store.ts'
import { listImports } from '../../src/storage/imports/stored-imports.ts'
import { createModelRegistry } from '../../src/storage/model-registry.ts'
import type { ObjectStore } from '../../src/storage/object-store.ts'
import { importRatings } from '../../src/storage/ratings/import-ratings.ts'
import { loadRatings } from '../../src/storage/ratings/load-ratings.ts'
import { putLiveRatings } from '../../src/storage/ratings/ratings-segment.ts'
import { LiveRatingsBuilder } from '../../src/storage/ratings/told/live-ratings.ts'
import { segmentKey, storedNames } from '../../src/storage/segments/segment-names.ts'
import { importUsers } from '../../src/storage/users/import-users.ts'
import { loadUsers } from '../../src/storage/users/load-users.ts'
import { verifyTensors } from '../../src/storage/verify-tensors.ts'
import { openStore, serve } from '../support/bench.ts'
import { dotBiasModel, netModel, rankedModel } from '../support/models.ts'
import { body, temporaryFolder } from './bodies.ts'

const epoch = 'abc'
/** The second user of the models; an id that stands nowhere by chance. */
const erased = 'erase-me-7f3a9c'
const named = (model: Model): Model => {
  return { ...model, users: new Vocabulary(['u1', erased, 'u3', 'u4']) }
}

for (const [name, model] of Object.entries({
  'dot-bias': named(dotBiasModel()),
  net: named(netModel()),
  ranked: named(rankedModel()),
}))
  test(`a ${name} model without a user predicts for the others as before`, () => {
    const less = withoutUsers(model, (userId) => userId === erased)
    assert.equal(less.users.indexOf(erased), -1)
    const [before, after] = [createScorer(model), createScorer(less)]
    for (const [index, userId] of less.users.ids.entries()) {
      const old = model.users.indexOf(userId)
      for (let movie = -1; movie < model.movies.size; movie++)
        assert.equal(after.predict(index, movie), before.predict(old, movie))
      const ratingsOf = ({ rated }: typeof model, user: number) =>
        rated.movieIndex.slice(rated.offsets[user], rated.offsets[user + 1])
      assert.deepEqual(ratingsOf(less, index), ratingsOf(model, old))
    }
    assert.equal(
      withoutUsers(model, () => false),
      model,
    )
  })

/** A store with the user in a file, in live segments, among attributes and in two models. */
async function openFilled(t: TestContext, { isBack = false } = {}) {
  const bench = await openStore(t)
  const { store, publish } = bench
  await importRatings(
    store,
    body(`userId,movieId,rating\nu1,m1,4\n${erased},m1,2\n${erased},m9,5\n`),
  )
  await importUsers(store, body(`userId,job\nu1,writer\n${erased},writer\n`))
  const told = Math.floor(Date.now() / 1_000)
  const fold = async (from: number, to: number, tell: (live: LiveRatingsBuilder) => void) => {
    const live = new LiveRatingsBuilder()
    tell(live)
    await putLiveRatings(store, live.build(), { epoch, from, to }, Date.now() + to)
  }
  const row = (offset: number, rating: number) => ({ rating, timestamp: told, told, offset })
  await fold(1, 2, (live) => {
    live.rate(erased, 'm2', row(0, 3))
    live.rate('u3', 'm2', row(1, 1))
  })
  await fold(3, 5, (live) => {
    live.rate(erased, 'm3', row(0, 3))
    live.erase(erased, told, 1)
    if (isBack) live.rate(erased, 'm4', row(2, 4.5))
  })
  await publish(named(dotBiasModel()), 'v1', 1)
  await publish(named(rankedModel()), 'v2', 2)
  return bench
}

async function eraseAll(store: ObjectStore, receipt: Receipt): Promise<void> {
  await eraseFromModels(store, createModelRegistry(store), receipt, async () => false)
  await eraseRatings(store, receipt)
  await eraseAttributes(store, receipt)
}

/** The texts of the ratings that count. */
async function ratingsIn(store: ObjectStore): Promise<string[]> {
  const { users, movies, ...columns } = (await loadRatings(store)).ratings
  return [...columns.rating].map(
    (rating, row) =>
      `${users.idOf(columns.userIndex[row]!)} ${movies.idOf(columns.movieIndex[row]!)} ${rating}`,
  )
}

test('an erasure takes what came before it out of everything, and leaves all else', async (t) => {
  const bench = await openFilled(t, { isBack: true })
  const { store, registry } = bench
  const { serving } = await serve(t, bench)
  const expected = await ratingsIn(store)
  assert.deepEqual(
    expected,
    ['u1 m1 4', 'u3 m2 1', `${erased} m4 4.5`],
    'the mark hides what was before',
  )
  await importUsers(store, body('userId,job\nu3,x\n'))

  const receipt = await openReceipt(store, erased, { epoch, seq: 4 })
  await eraseAll(store, receipt)
  assert.deepEqual(await ratingsIn(store), expected)
  assert.deepEqual([...(await loadUsers(store)).users.keys()], ['u1', 'u3'])
  for (const card of await registry.list()) {
    const bytes = await registry.tensors(card)
    verifyTensors(card, bytes)
    assert.deepEqual(decodeModel(bytes).users.ids, ['u1', 'u3', 'u4'])
    assert.equal((await registry.report(card.version)).algorithm, 'dot-bias')
  }
  assert.equal(serving.snapshot().model.users.indexOf(erased), 1)
  await serving.refresh()
  assert.equal(serving.snapshot().model.users.indexOf(erased), -1)
  assert.deepEqual([serving.status().model, serving.status().refusal], ['v2', null])
  await serving.rollback()
  assert.equal(serving.status().model, 'v1')

  for (const step of erasureSteps) await noteDone(store, receipt, step)
  const done = await readReceipt(store, receipt.id)
  assert.ok(finishedAt(done) !== null && !JSON.stringify(done).includes(erased))
})

test('killed before any of its writes, an erasure goes on and ends as if undisturbed', async (t) => {
  const { folder, store } = await openFilled(t)
  const receipt = await openReceipt(store, erased, { epoch, seq: 4 })
  const expected = await ratingsIn(store)
  const filesIn = async (root: string) =>
    (await readdir(root, { recursive: true, withFileTypes: true })).filter((one) => one.isFile())
  for (let kills = 0, isDone = false; !isDone; kills++) {
    const copy = `${folder}-copy-${kills}`
    t.after(() => rm(copy, { recursive: true }))
    await cp(folder, copy, { recursive: true })
    const whole = createFileStore(copy)
    let writes = 0
    const dying = async () => {
      if (writes++ === kills) throw new Error('killed')
    }
    const killed: ObjectStore = {
      ...whole,
      put: async (key, parts) => dying().then(() => whole.put(key, parts)),
      putIfPresent: async (key, parts) => dying().then(() => whole.putIfPresent(key, parts)),
      remove: async (key) => dying().then(() => whole.remove(key)),
    }
    isDone = await eraseAll(killed, receipt).then(
      () => true,
      () => false,
    )
    assert.deepEqual(await ratingsIn(whole), expected, `after ${kills} writes`)
    await eraseAll(whole, receipt)
    assert.deepEqual(await ratingsIn(whole), expected, `after ${kills} writes and again`)
    for (const { parentPath, name } of await filesIn(copy)) {
      if (parentPath.endsWith('erasures')) continue
      const text = await readFile(join(parentPath, name), 'latin1')
      assert.ok(!text.includes(erased), `${kills}: ${name}`)
    }
    const registry = createModelRegistry(whole)
    for (const card of await registry.list()) verifyTensors(card, await registry.tensors(card))
    assert.equal((await registry.list()).length, 2)
  }
})

test('who loads while erasures are requested and done has none of what they take, at once', async (t) => {
  const { folder, store } = await openFilled(t, { isBack: true })
  const receipt = await openReceipt(store, erased, { epoch, seq: 4 })
  const expected = await ratingsIn(store)
  for (let read = 0; read < 3; read++) {
    const copy = `${folder}-read-${read}`
    t.after(() => rm(copy, { recursive: true }))
    await cp(folder, copy, { recursive: true })
    const whole = createFileStore(copy)
    let reads = 0
    const during: ObjectStore = {
      ...whole,
      async get(key) {
        const bytes = await whole.get(key)
        await openReceipt(whole, `other ${reads}`, { epoch, seq: 9 })
        if (reads++ === read) await eraseRatings(whole, receipt)
        return bytes
      },
    }
    assert.deepEqual(await ratingsIn(during), expected, `erased after read ${read}`)
    assert.equal(reads, 3)
  }
})

test('what is published or promoted during an erasure stays, and what an active job has written', async (t) => {
  const { store, registry, publish } = await openFilled(t)
  const receipt = await openReceipt(store, erased, { epoch, seq: 4 })
  for (const version of ['v3', 'v4', 'killed'])
    await store.put(`models/${version}/model.safetensors`, [new Uint8Array(9)])
  const publishing = {
    ...registry,
    async renew() {
      await publish(named(dotBiasModel()), 'v3', 3)
      await registry.renew()
    },
  }
  await eraseFromModels(store, publishing, receipt, async (version) => version === 'v4')
  const card = await registry.card('v3')
  verifyTensors(card, await registry.tensors(card))
  assert.ok(await store.get('models/v4/model.safetensors'))
  assert.deepEqual(await store.list('models/killed/'), [])

  const wanted = await registry.wanted()
  let isFirst = true
  const slow = createModelRegistry({
    ...store,
    async put(key, parts) {
      if (isFirst) await registry.promote('v1')
      isFirst = false
      return store.put(key, parts)
    },
  })
  await slow.renew()
  assert.equal(await registry.current(), 'v1')
  assert.notEqual(await registry.wanted(), wanted)
})

test('imports that are taken back while an erasure rewrites them stay away', async (t) => {
  const { store } = await openFilled(t)
  const { imports } = await listImports(store, { limit: 9 })
  const receipt = await openReceipt(store, erased, { epoch, seq: 4 })
  const undoing: ObjectStore = {
    ...store,
    async get(key) {
      const bytes = await store.get(key)
      if (imports.some(({ id }) => key.includes(id))) await store.remove(key)
      return bytes
    },
  }
  await eraseRatings(undoing, receipt)
  await eraseAttributes(undoing, receipt)
  assert.deepEqual((await listImports(store, { limit: 9 })).imports, [])
  assert.deepEqual(await ratingsIn(store), ['u3 m2 1'])
})

test('an erasure leaves a damaged segment and names it, and goes on with the rest', async (t) => {
  const bench = await openFilled(t)
  const { store } = bench
  const damaged = (await storedNames(store, 'ratings')).at(-2)!
  await store.put(segmentKey('ratings', damaged), [Buffer.from('not readable')])
  const receipt = await openReceipt(store, erased, { epoch, seq: 4 })
  const sentence = await eraseRatings(store, receipt)
  assert.match(sentence!, new RegExp(`Damaged segments may name the user .*${damaged}`))
  assert.deepEqual(
    (await ratingsIn(store)).filter((text) => text.startsWith(erased)),
    [],
  )
  await noteDone(store, receipt, 'ratings', sentence!)
  const noted = await noteDone(store, receipt, 'redis', 'And so on.')
  assert.equal(noted.note, `${sentence} And so on.`)
})

test('what people have put beside the models under names of their own ends no erasure', async (t) => {
  const { store, folder, publish } = await openStore(t)
  await publish(named(dotBiasModel()), 'v1')
  for (const copy of ['V1 copy', 'v1 (2)', 'v1/notes of mine'])
    await cp(join(folder, 'models', 'v1', 'card.json'), join(folder, 'models', copy, 'card.json'))
  assert.ok((await store.list('')).every((key) => !/[ (]/.test(key)))
  const receipt = await openReceipt(store, erased, { epoch, seq: 1 })
  await eraseFromModels(store, createModelRegistry(store), receipt, async () => false)
  const there = await readdir(join(folder, 'models'))
  assert.ok(there.includes('V1 copy') && there.includes('v1 (2)'), there.join())
})

test('erasures that are not done are found whatever order others end in, and those done are not read again', async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray([0, 1, 2, 3, 4]), async (order) => {
      const files = createFileStore(await temporaryFolder(t))
      const read: string[] = []
      const get = (key: string) => {
        read.push(key)
        return files.get(key)
      }
      const store = { ...files, get }
      const unfinished = unfinishedReceipts(store)
      const idsOf = (receipts: readonly Receipt[]) => receipts.map(({ id }) => id)
      const open = new Set<string>()
      for (let seq = 0; seq < 5; seq++)
        open.add((await openReceipt(store, `u${seq}`, { epoch, seq })).id)
      const all = [...open].sort()
      assert.deepEqual(idsOf(await unfinished()), all)
      for (const i of order) {
        const id = all[i]!
        for (const step of erasureSteps) await noteDone(store, { id }, step)
        open.delete(id)
        assert.deepEqual(
          idsOf(await unfinished()),
          all.filter((one) => open.has(one)),
        )
      }
      read.length = 0
      await unfinished()
      const first = all.findIndex((one) => open.has(one))
      assert.equal(read.length, first < 0 ? 0 : all.length - first)
      const { id } = await openReceipt(store, 'late', { epoch, seq: 5 })
      assert.equal(idsOf(await unfinished()).at(-1), id)
    }),
    { numRuns: 20 },
  )
})
