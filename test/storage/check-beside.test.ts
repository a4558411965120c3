import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Vocabulary } from '../../src/model/data/vocabulary.ts'
import { eraseFromModels } from '../../src/storage/erasures/erase-models.ts'
import { openReceipt } from '../../src/storage/erasures/receipts.ts'
import { checkModels } from '../../src/storage/integrity/check-models.ts'
import { checkSegments } from '../../src/storage/integrity/check-segments.ts'
import type { ObjectStore } from '../../src/storage/object-store.ts'
import { loadRatings } from '../../src/storage/ratings/load-ratings.ts'
import { putLiveRatings } from '../../src/storage/ratings/ratings-segment.ts'
import { LiveRatingsBuilder } from '../../src/storage/ratings/told/live-ratings.ts'
import { segmentKey } from '../../src/storage/segments/segment-names.ts'
import { openStore } from '../support/bench.ts'
import { dotBiasModel } from '../support/models.ts'

const model = { ...dotBiasModel(), users: new Vocabulary(['u1', 'bob', 'u3', 'u4']) }
const nobody = async () => false

/** The store; before the first read of some keys something else is done. */
function interrupted(store: ObjectStore, keys: RegExp, first: () => Promise<unknown>): ObjectStore {
  let isDone = false
  const get = async (key: string) => {
    if (keys.test(key) && !isDone) {
      isDone = true
      await first()
    }
    return store.get(key)
  }
  return { ...store, get }
}

/** Repairs all that is found, after something else was done; the findings, and what they gave. */
async function repaired(store: ObjectStore, before: () => Promise<unknown> = async () => {}) {
  const found: [string, string, unknown][] = []
  for await (const { kind, key, repair } of checkModels(store)) {
    await before()
    found.push([kind, key, await repair()])
  }
  return found
}

test('a model that is published during a check goes on serving', async (t) => {
  const { store, registry, publish } = await openStore(t)
  await publish(model, 'v1', 1)
  const racing = interrupted(store, /v1\/model/, () => publish(model, 'v2', 2))
  assert.deepEqual(await repaired(racing), [])
  assert.equal(await registry.current(), 'v2')
})

test('a lost pointer is not moved once another model serves', async (t) => {
  const { store, registry, publish } = await openStore(t)
  for (const day of [1, 2]) await publish(model, `v${day}`, day)
  await store.remove('models/v2/card.json')
  const found = await repaired(store, () => publish(model, 'v3', 3))
  assert.deepEqual(found, [['lost', 'models/current.json', false]])
  assert.equal(await registry.current(), 'v3')
})

test('a model that an erasure rewrites during a check is not damaged', async (t) => {
  for (const keys of [/v1\/model/, /v1\/report/]) {
    const { store, registry, publish } = await openStore(t)
    await publish(model, 'v1', 1)
    const receipt = await openReceipt(store, 'bob', { epoch: 'abc', seq: 4 })
    const erase = () => eraseFromModels(store, registry, receipt, nobody)
    assert.deepEqual(await repaired(interrupted(store, keys, erase)), [], String(keys))
    assert.equal((await registry.card('v1')).revision, 1)
  }
})

test('no repair puts an old card over that of an erasure', async (t) => {
  for (const kind of ['unsealed', 'damaged'] as const) {
    const { store, registry, publish } = await openStore(t)
    await publish(model, 'v1', 1)
    const key = 'models/v1/card.json'
    if (kind === 'damaged') await store.put('models/v1/report.json', [Buffer.from('{}')])
    else {
      const card: object = JSON.parse(Buffer.from((await store.get(key))!).toString())
      const old = { ...card, seal: undefined, sequence: undefined, report: undefined }
      await store.put(key, [Buffer.from(JSON.stringify(old))])
    }
    const receipt = await openReceipt(store, 'bob', { epoch: 'abc', seq: 4 })
    const erase = () => eraseFromModels(store, registry, receipt, nobody)
    const [first] = await repaired(store, erase)
    assert.deepEqual([first![0], first![2]], [kind, false])
    const card = await registry.card('v1')
    assert.equal(card.revision, 1)
    assert.ok(await registry.tensors(card))
  }
})

test('a damaged segment of live events is there all the while that it is set aside', async (t) => {
  const { store } = await openStore(t)
  const none = new LiveRatingsBuilder().build()
  const name = await putLiveRatings(store, none, { epoch: 'e', from: 1, to: 1 }, Date.now())
  const key = segmentKey('ratings', name)
  await store.put(key, [Buffer.from('no segment')])
  const removed: string[] = []
  const watched: ObjectStore = {
    ...store,
    async remove(one) {
      removed.push(one)
      await store.remove(one)
    },
  }
  for await (const { repair } of checkSegments(watched)) await repair()
  assert.deepEqual(removed, [])
  assert.deepEqual(await store.list(''), [`quarantine/${key}`, key])
  assert.deepEqual((await loadRatings(store)).damaged, [])
})
