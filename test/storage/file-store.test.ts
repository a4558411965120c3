import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { createFileStore } from '../../src/storage/file-store.ts'
import { sweepLeftovers } from '../../src/storage/integrity/leftovers.ts'
import { owner } from '../../src/storage/owner.ts'
import { temporaryFolder, temporaryStore } from './bodies.ts'

const bytes = (text: string) => Buffer.from(text, 'utf8')
const text = (found: Uint8Array | null) => found && Buffer.from(found).toString('utf8')

test('what was put is got, part after part, and there is nothing before', async (t) => {
  const store = await temporaryStore(t)
  assert.equal(await store.get('a/b'), null)
  await store.put('a/b', [bytes('one '), new Uint8Array(0), bytes('two')])
  assert.equal(text(await store.get('a/b')), 'one two')
  await store.put('a/b', [])
  assert.equal(text(await store.get('a/b')), '')
})

test('a view of a larger array is put as what it shows', async (t) => {
  const store = await temporaryStore(t)
  const floats = Float32Array.of(1, 2, 3).subarray(1, 2)
  await store.put('a', [new Uint8Array(floats.buffer, floats.byteOffset, floats.byteLength)])
  assert.deepEqual(
    new Uint8Array((await store.get('a')) ?? []),
    new Uint8Array(Float32Array.of(2).buffer),
  )
})

test('of many that put the same key if absent, exactly one does, and its bytes stay', async (t) => {
  const folder = await temporaryFolder(t)
  const stores = [createFileStore(folder), createFileStore(folder)]
  for (let round = 0; round < 10; round++) {
    const key = `cards/${round}`
    const wins = await Promise.all(
      Array.from({ length: 8 }, (_, i) => stores[i % 2]!.putIfAbsent(key, [bytes(`writer ${i}`)])),
    )
    assert.equal(wins.filter(Boolean).length, 1)
    assert.equal(text(await stores[0]!.get(key)), `writer ${wins.indexOf(true)}`)
    assert.equal(await stores[1]!.putIfAbsent(key, [bytes('late')]), false)
  }
  assert.equal((await readdir(join(folder, 'cards'))).length, 10)
})

test('whoever reads while others put sees one of them whole', async (t) => {
  const store = await temporaryStore(t)
  const size = 300_000
  await store.put('a', [new Uint8Array(size)])
  const writers = Array.from({ length: 10 }, (_, i) =>
    store.put('a', [new Uint8Array(size / 2).fill(i), new Uint8Array(size / 2).fill(i)]),
  )
  const readers = Array.from({ length: 30 }, async () => {
    const found = await store.get('a')
    assert.equal(found?.length, size)
    assert.equal(new Set(found).size, 1)
  })
  await Promise.all([...writers, ...readers])
})

test('keys are listed in order, those that start with the prefix only', async (t) => {
  const store = await temporaryStore(t)
  assert.deepEqual(await store.list('models/'), [])
  for (const key of ['models/b/card', 'models/a/card', 'models/a-1', 'modelsx', 'ratings/1'])
    await store.put(key, [])
  const all = ['models/a-1', 'models/a/card', 'models/b/card', 'modelsx', 'ratings/1']
  assert.deepEqual(await store.list(''), all)
  assert.deepEqual(await store.list('models/'), all.slice(0, 3))
  assert.deepEqual(await store.list('models/a'), all.slice(0, 2))
  assert.deepEqual(await store.list('models'), all.slice(0, 4))
  assert.deepEqual(await store.list('none/at/all'), [])
})

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

test('a key that could leave the store or hide in it is refused', async (t) => {
  const store = await temporaryStore(t)
  for (const key of [
    ...['', '.', '..', '/', '/a', 'a/', 'a//b', '../a', 'a/../b', 'a/./b', '.a', 'a/.b'],
    ...['a\\b', 'a\0', 'a b', 'a\n', 'ä', '%2e%2e', 'C:a', '.writing-1', 'a/.writing-1'],
  ]) {
    const refused = { name: 'RangeError', message: /^not a key of the store: / }
    await assert.rejects(async () => store.get(key), refused, JSON.stringify(key))
    await assert.rejects(async () => store.put(key, []), refused)
    await assert.rejects(async () => store.putIfAbsent(key, []), refused)
    await assert.rejects(async () => store.remove(key), refused)
  }
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
