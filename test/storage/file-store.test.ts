import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { createFileStore } from '../../src/storage/file-store.ts'
import { sweepLeftovers } from '../../src/storage/integrity/leftovers.ts'
import { owner } from '../../src/storage/owner.ts'
import type { StoreKind } from '../support/store-faults/faults.ts'
import { folderKind, tamperWithFiles, withoutLinks } from '../support/store-faults/folders.ts'
import { temporaryFolder, temporaryStore } from './bodies.ts'

const bytes = (text: string) => Buffer.from(text, 'utf8')
const text = (found: Uint8Array | null) => found && Buffer.from(found).toString('utf8')

test('what is removed is gone, its folder with it, and removing nothing is no error', async (t) => {
  const folder = await temporaryFolder(t)
  const store = createFileStore(folder)
  await store.put('models/a/card', [])
  await store.put('models/b', [])
  await store.remove('models/a/card')
  await store.remove('models/a/card')
  await store.remove('other/a')
  assert.equal(await store.get('models/a/card'), null)
  assert.deepEqual(await readdir(join(folder, 'models')), ['b'])
})

test('after an error there is neither a key nor a temporary file', async (t) => {
  const folder = await temporaryFolder(t)
  const store = createFileStore(folder)
  await mkdir(join(folder, 'models', 'taken'), { recursive: true })
  const notBytes = ['text'] as unknown as Uint8Array[]
  await assert.rejects(store.put('models/a', notBytes))
  await assert.rejects(store.putIfAbsent('models/a', notBytes))
  await assert.rejects(store.put('models/taken', [bytes('x')]))
  assert.deepEqual(await readdir(join(folder, 'models')), ['taken'])
})

test('an unfinished file is never listed, and is swept once nobody can finish it', async (t) => {
  const folder = await temporaryFolder(t)
  const store = createFileStore(folder)
  await store.put('models/a', [])
  const killed = spawnSync(process.execPath, ['-e', '']).pid
  const ofKilled = owner.replace(`-${process.pid}-`, `-${killed}-`)
  const ofNextWithItsNumber = owner.replace(/\d+$/, '1')
  const unfinished = ['new', 'old', `${owner}-1`, `${ofKilled}-2`, `${ofNextWithItsNumber}-3`]
  for (const name of unfinished) await writeFile(join(folder, 'models', `.writing-${name}`), '')
  const uploads = await temporaryFolder(t)
  for (const name of [`${owner}-1`, `${ofKilled}-2`])
    await mkdir(join(uploads, `marquee-spool-${name}`))
  const twoDaysAgo = Date.now() / 1_000 - 2 * 86_400
  await utimes(join(folder, 'models', '.writing-old'), twoDaysAgo, twoDaysAgo)
  assert.deepEqual(await store.list(''), ['models/a'])
  assert.equal(await sweepLeftovers(folder, uploads), 4)
  const left = ['.writing-new', `.writing-${owner}-1`, 'a'].toSorted()
  assert.deepEqual((await readdir(join(folder, 'models'))).toSorted(), left)
  assert.deepEqual(await readdir(uploads), [`marquee-spool-${owner}-1`])
})

test('without hard links exactly one puts a key first, past the claim of who died holding it', async (t) => {
  const folder = await temporaryFolder(t)
  const stores = Array.from({ length: 8 }, () => createFileStore(folder, { hasLinks: false }))
  const killed = spawnSync(process.execPath, ['-e', '']).pid
  for (let round = 0; round < 20; round++) {
    await mkdir(join(folder, `${round}`))
    const claim = join(folder, `${round}`, '.claim-card.0')
    await writeFile(claim, owner.replace(`-${process.pid}-`, `-${killed}-`))
    const wins = await Promise.all(
      stores.map((store, i) => store.putIfAbsent(`${round}/card`, [bytes(`${i}`)])),
    )
    assert.equal(wins.filter(Boolean).length, 1)
    assert.equal(text(await stores[0]!.get(`${round}/card`)), `${wins.indexOf(true)}`)
    assert.deepEqual(await readdir(join(folder, `${round}`)), ['card'])
  }
})

test('a folder that goes away while it is listed hides no other key', async (t) => {
  const store = await temporaryStore(t)
  await store.put('models/stays/card', [])
  for (let round = 0; round < 50; round++) {
    await Promise.all(
      Array.from({ length: 10 }, (_, i) => store.put(`models/${round}-${i}/card`, [])),
    )
    const removed = Promise.all(
      Array.from({ length: 10 }, (_, i) => store.remove(`models/${round}-${i}/card`)),
    )
    const lists = await Promise.all(Array.from({ length: 10 }, () => store.list('models/')))
    await removed
    for (const keys of lists) assert.ok(keys.includes('models/stays/card'), `round ${round}`)
  }
})

test('a key can be put while the last other key of its folder is removed', async (t) => {
  const store = await temporaryStore(t)
  for (let round = 0; round < 100; round++) {
    await store.put('ratings/old', [])
    await Promise.all([store.remove('ratings/old'), store.put('ratings/new', [bytes('x')])])
    assert.equal(text(await store.get('ratings/new')), 'x')
    await store.remove('ratings/new')
  }
})

/** Puts in three ways, each of which is to say that it did. */
async function puts(kind: StoreKind, at: number, fault: 'twice' | 'fail') {
  const place = await kind.place()
  const done: unknown[] = []
  const { error, calls } = await place.run({ kind: fault, at }, async (store) => {
    done.push(await store.putIfAbsent('a/b', [bytes('one')]))
    done.push(await store.putIfPresent('a/b', [bytes('two')]), await store.put('a/b', []))
  })
  await place.remove()
  return { done, error, calls, call: calls[at] ?? '' }
}

for (const kind of [folderKind(), folderKind('no links', withoutLinks)])
  test(`${kind.name}: what a network file system does twice, and what cannot be tidied up, is done`, async (t) => {
    t.after(tamperWithFiles())
    const { calls } = await puts(kind, -1, 'twice')
    for (const at of calls.keys()) {
      const { done, error, call } = await puts(kind, at, 'twice')
      assert.deepEqual([done, error], [[true, true, undefined], null], call)
      const failed = call.startsWith('rm ') ? await puts(kind, at, 'fail') : null
      assert.equal(failed?.error ?? null, null, call)
    }
  })
