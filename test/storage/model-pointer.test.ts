import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { encodeModel } from '../../src/model/file/model-file.ts'
import type { Promotion } from '../../src/model/promotion.ts'
import { createModelRegistry } from '../../src/storage/model-registry.ts'
import type { ObjectStore } from '../../src/storage/object-store.ts'
import { onDisk } from '../../src/storage/store-fault.ts'
import { openStore } from '../support/bench.ts'
import { cardOf, dotBiasModel, emptyReport } from '../support/models.ts'

/** A registry, and a way to publish v1, v2 … as a training does that was decided so. */
async function registryOf(t: TestContext, ...published: number[]) {
  const { registry } = await openStore(t)
  const files = { tensors: encodeModel(dotBiasModel()), report: emptyReport }
  const publish = (n: number, promotion?: Promotion) =>
    registry.publish(files, {
      ...cardOf(`v${n}`, `2026-01-0${n}T00:00:00.000Z`),
      ...(promotion && { promotion }),
    })
  for (const n of published) await publish(n)
  return { registry, publish }
}

function decided(promoted: boolean, askedBy: string | null = null): Promotion {
  return {
    ...{ mode: 'auto', promoted, verdict: promoted ? 'better' : 'worse', reason: 'a test' },
    ...{ decidedAt: '2026-01-01T00:00:00.000Z', askedBy, against: null, comparison: null },
  }
}

test('a model whose card says that it is not to serve is kept and does not', async (t) => {
  const { registry, publish } = await registryOf(t, 1)
  await publish(2, decided(false))
  await registry.promoteIfNew('v2')
  assert.equal(await registry.current(), 'v1')
  await registry.promote('v2', 'admin:5e884898')
  assert.equal(await registry.current(), 'v2')
})

test('after a return by hand, by whichever way, no training changes what serves', async (t) => {
  for (const back of ['rollback', 'promote'] as const) {
    const { registry, publish } = await registryOf(t, 1, 2)
    await (back === 'rollback' ? registry.rollback('admin:1') : registry.promote('v1', 'admin:1'))
    for (const n of [3, 4]) await publish(n, decided(true))
    const { version, held } = (await registry.pointer())!
    assert.deepEqual([version, held?.by], ['v1', 'admin:1'], back)
  }
})

test('a promotion by hand ends that, be it of the model that serves or of a newer one', async (t) => {
  for (const chosen of ['v1', 'v3']) {
    const { registry, publish } = await registryOf(t, 1, 2)
    await registry.rollback()
    await publish(3, decided(true))
    await registry.promote(chosen)
    assert.deepEqual([await registry.current(), (await registry.pointer())!.held], [chosen, null])
    await publish(4, decided(true))
    assert.equal(await registry.current(), 'v4')
  }
})

test('what was rolled back is not promoted once more when its job is taken up again', async (t) => {
  const { registry, publish } = await registryOf(t, 1, 2)
  await registry.rollback()
  await registry.promote('v1')
  await publish(2)
  assert.equal(await registry.current(), 'v1')
})

test('the history says what served, since when, how and by whom, the newest first', async (t) => {
  const { registry, publish } = await registryOf(t, 1)
  await publish(2, decided(true, 'admin:2'))
  await registry.rollback('admin:3')
  await registry.promote('v1', 'admin:4')
  await registry.promote('v1', 'admin:5')
  const { history } = (await registry.pointer())!
  assert.deepEqual(
    history.map(({ version, how, by }) => [version, how, by]),
    [
      ['v1', 'promoted', 'admin:4'],
      ['v1', 'rolled-back', 'admin:3'],
      ['v2', 'trained', 'admin:2'],
      ['v1', 'trained', null],
    ],
  )
  assert.ok(history.every(({ at }, i) => i === 0 || at <= history[i - 1]!.at))
})

test('pruning keeps what a rollback would return to, however many did not serve since', async (t) => {
  const { registry, publish } = await registryOf(t, 1, 2)
  for (const n of [3, 4, 5]) await publish(n, decided(false))
  await registry.prune(3)
  assert.equal(await registry.rollback(), 'v1')
})

test('a rollback happens once, though another move comes right after it', async (t) => {
  const { store, registry, publish } = await openStore(t)
  for (const day of [1, 2, 3]) await publish(dotBiasModel(), `v${day}`, day)
  let isMoved = false
  const racing = createModelRegistry({
    ...store,
    async putIfAbsent(key, parts) {
      const isFirst = await store.putIfAbsent(key, parts)
      if (!isMoved) {
        isMoved = true
        await registry.promote('v3')
      }
      return isFirst
    },
  })
  assert.equal(await racing.rollback(), 'v2')
  const { version, history } = (await registry.pointer())!
  assert.equal(version, 'v3')
  assert.deepEqual(
    history.slice(0, 3).map(({ how }) => how),
    ['promoted', 'rolled-back', 'trained'],
  )
  const current: unknown = JSON.parse(
    Buffer.from((await store.get('models/current.json'))!).toString(),
  )
  assert.equal((current as { version: string }).version, 'v3')
})

test('a pointer of an earlier release is read, and has no history', async (t) => {
  const { store, registry } = await openStore(t)
  const old = JSON.stringify({ version: 'v2', earlier: ['v1'] })
  await store.put('models/current.json', [Buffer.from(old)])
  assert.deepEqual(await registry.pointer(), { ...JSON.parse(old), history: [], held: null })
})

test('a pointer of an earlier release counts until it is replaced, and a fault then is told', async (t) => {
  const { store, publish, registry } = await openStore(t)
  for (const day of [1, 2]) await publish(dotBiasModel(), `v${day}`, day)
  const old = JSON.stringify({ version: 'v1', earlier: [] })
  await store.put('models/current.json', [Buffer.from(old)])
  const full = Object.assign(new Error('ENOSPC'), { code: 'ENOSPC', syscall: 'write' })
  const failing: ObjectStore = {
    ...store,
    put: () => onDisk(true, () => Promise.reject(full)),
  }
  await assert.rejects(createModelRegistry(failing).promote('v2'), { code: 'out-of-space' })
  assert.equal(await registry.current(), 'v1')
  await registry.promote('v2')
  assert.equal(await registry.current(), 'v2')
})

for (const what of ['put', 'list', 'link'] as const)
  test(`a pointer that was moved is moved, though ${what} fails from then on`, async (t) => {
    const { store, publish } = await openStore(t)
    for (const day of [1, 2, 3]) await publish(dotBiasModel(), `v${day}`, day)
    let isMoved = false
    const faulty = (method: typeof what) =>
      onDisk(true, async () => {
        if (!isMoved || what !== method) return
        throw Object.assign(new Error('EIO'), { code: 'EIO', syscall: 'fsync' })
      })
    const failing: ObjectStore = {
      ...store,
      async putIfAbsent(key, parts) {
        isMoved = await store.putIfAbsent(key, parts)
        // As where the folder that a link is in cannot be synced.
        await faulty('link')
        return isMoved
      },
      put: async (key, parts) => (await faulty('put')) ?? store.put(key, parts),
      list: async (prefix) => (await faulty('list')) ?? store.list(prefix),
    }
    assert.equal(await createModelRegistry(failing).rollback(), 'v2')
    const registry = createModelRegistry(store)
    assert.equal(await registry.current(), 'v2')
    await registry.promote('v3')
    assert.equal(await registry.current(), 'v3')
  })
