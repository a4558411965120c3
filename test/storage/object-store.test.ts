import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { extname } from 'node:path'
import { type TestContext, test } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { promisify } from 'node:util'
import fc from 'fast-check'
import { createFileStore } from '../../src/storage/file-store.ts'
import { inTurns, type ObjectStore } from '../../src/storage/object-store.ts'
import { createStore } from '../../src/storage/open-store.ts'
import { loaderArgs } from '../support/loader.ts'
import { s3Environment, startS3 } from '../support/s3.ts'
import { temporaryFolder } from './bodies.ts'

const run = promisify(execFile)
const bytes = (text: string) => Buffer.from(text, 'utf8')
const text = (found: Uint8Array | null) => found && Buffer.from(found).toString('utf8')

/** Each kind of store: opens, time and again, the same new one. */
const kinds: readonly [string, (t: TestContext) => Promise<() => ObjectStore>][] = [
  [
    'a folder',
    async (t) => {
      const folder = await temporaryFolder(t)
      return () => createFileStore(folder)
    },
  ],
  [
    'a folder without hard links',
    async (t) => {
      const folder = await temporaryFolder(t)
      return () => createFileStore(folder, { hasLinks: false })
    },
  ],
  [
    'a bucket',
    async (t) => {
      const { location } = await startS3(t)
      return () => createStore({ location, environment: s3Environment })
    },
  ],
]

for (const [kind, newStore] of kinds) {
  test(`${kind}: what was put is got, part after part, and there is nothing before`, async (t) => {
    const store = (await newStore(t))()
    assert.equal(await store.get('a/b'), null)
    assert.equal(await store.open('a/b'), null)
    assert.equal(await store.stat('a/b'), null)
    await store.put('a/b', [bytes('one '), new Uint8Array(0), bytes('two')])
    assert.equal(text(await store.get('a/b')), 'one two')
    await store.put('a/b', [])
    assert.equal(text(await store.get('a/b')), '')
  })

  test(`${kind}: a view of a larger array is put as what it shows`, async (t) => {
    const store = (await newStore(t))()
    const floats = Float32Array.of(1, 2, 3).subarray(1, 2)
    await store.put('a', [new Uint8Array(floats.buffer, floats.byteOffset, floats.byteLength)])
    const kept = new Uint8Array((await store.get('a')) ?? [])
    assert.deepEqual(kept, new Uint8Array(Float32Array.of(2).buffer))
  })

  test(`${kind}: of many that put the same key if absent, exactly one does, and its bytes stay`, async (t) => {
    const open = await newStore(t)
    const stores = [open(), open()]
    for (let round = 0; round < 10; round++) {
      const key = `cards/${round}`
      const wins = await Promise.all(
        Array.from({ length: 8 }, (_, i) => stores[i % 2]!.putIfAbsent(key, [bytes(`by ${i}`)])),
      )
      assert.equal(wins.filter(Boolean).length, 1)
      assert.equal(text(await stores[0]!.get(key)), `by ${wins.indexOf(true)}`)
      assert.equal(await stores[1]!.putIfAbsent(key, [bytes('late')]), false)
    }
    assert.equal((await stores[0]!.list('')).length, 10)
  })

  test(`${kind}: what is put in place of something needs something there`, async (t) => {
    const open = await newStore(t)
    const [store, other] = [open(), open()]
    assert.equal(await store.putIfPresent('a/b', [bytes('x')]), false)
    assert.equal(await other.get('a/b'), null)
    await other.put('a/b', [bytes('y')])
    const changes = [store.putIfPresent('a/b', [bytes('z')]), other.put('a/b', [bytes('z')])]
    assert.ok((await Promise.all(changes))[0])
    assert.equal(text(await store.get('a/b')), 'z')
  })

  test(`${kind}: whoever reads while others put sees one of them whole, or is refused`, async (t) => {
    const store = (await newStore(t))()
    const size = 300_000
    await store.put('a', [new Uint8Array(size)])
    const writers = Array.from({ length: 10 }, (_, i) =>
      store.put('a', [new Uint8Array(size / 2).fill(i), new Uint8Array(size / 2).fill(i)]),
    )
    const readers = Array.from({ length: 30 }, async () => {
      const found = await store.get('a').catch((error: { code: string }) => error.code)
      if (found === 'store-unavailable' && kind === 'a bucket') return
      assert.ok(found instanceof Uint8Array)
      assert.equal(found.length, size)
      assert.equal(new Set(found).size, 1)
    })
    await Promise.all([...writers, ...readers])
  })

  test(`${kind}: any part is read and streamed alike, also of what is too long for one request`, async (t) => {
    const store = (await newStore(t))()
    const all = randomBytes(40 * 1024 * 1024 + 7)
    await store.put('long', [all.subarray(0, 5), all.subarray(5)])
    const stored = (await store.open('long'))!
    assert.equal(stored.size, all.length)
    for (const [from, to] of [
      ...[
        [0, all.length],
        [5, 20_000_000],
        [7, 7],
      ],
      [all.length - 3, all.length + 9],
    ] as const) {
      assert.ok(all.subarray(from, to).equals(await stored.read(from, to)))
      if (to > all.length) continue
      const streamed = Buffer.concat(await (await store.open('long'))!.stream(from, to).toArray())
      assert.ok(all.subarray(from, to).equals(streamed))
    }
    await stored.close()
    assert.equal(await store.putIfAbsent('long', [all]), false)
    assert.ok(await store.putIfAbsent('longer', [all, all.subarray(0, 100)]))
    assert.equal((await store.get('longer'))!.length, all.length + 100)
  })

  test(`${kind}: what is known of a key changes when its bytes do`, async (t) => {
    const store = (await newStore(t))()
    await store.put('a', [bytes('1')])
    const before = (await store.stat('a'))!
    assert.ok(Math.abs(Date.now() - before.changedMs) < 60_000)
    assert.deepEqual(await store.stat('a'), before)
    await store.put('a', [bytes('2')])
    assert.notEqual((await store.stat('a'))!.stamp, before.stamp)
    assert.ok((await store.room()) > 0)
  })

  test(`${kind}: keys are listed in order, those that start with the prefix only`, async (t) => {
    const store = (await newStore(t))()
    assert.deepEqual(await store.list('models/'), [])
    for (const key of ['models/b/card', 'models/a/card', 'models/a-1', 'modelsx', 'ratings/1'])
      await store.put(key, [])
    const all = ['models/a-1', 'models/a/card', 'models/b/card', 'modelsx', 'ratings/1']
    assert.deepEqual(await store.list(''), all)
    assert.deepEqual(await store.list('models/'), all.slice(0, 3))
    assert.deepEqual(await store.list('models/a'), all.slice(0, 2))
    assert.deepEqual(await store.list('models'), all.slice(0, 4))
    assert.deepEqual(await store.list('none/at/all'), [])
    await store.remove('models/a/card')
    await store.remove('models/a/card')
    await store.remove('other/a')
    assert.equal(await store.get('models/a/card'), null)
    assert.deepEqual(await store.list('models/a'), ['models/a-1'])
  })

  test(`${kind}: a key that could leave the store or hide in it is refused`, async (t) => {
    const store = (await newStore(t))()
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
}

test('however many keys are read together, so many are under way at most, and each comes once', async () => {
  const keys = fc.array(fc.string(), { maxLength: 200 })
  await fc.assert(
    fc.asyncProperty(keys, fc.integer({ min: 1, max: 8 }), async (all, most) => {
      let under = 0
      let highest = 0
      const asked: string[] = []
      const read = inTurns(async (key) => {
        asked.push(key)
        highest = Math.max(highest, ++under)
        await nextTurn()
        under -= 1
        if (key.startsWith('a')) throw new Error(key)
        return key
      }, most)
      const found = await Promise.allSettled(all.map(read))
      assert.deepEqual(asked, all)
      assert.equal(highest, Math.min(most, all.length))
      for (const [i, one] of found.entries())
        assert.equal(one.status === 'fulfilled' ? one.value : one.reason.message, all[i])
    }),
    { numRuns: 30 },
  )
})

test('more files than a process may open are read together', async (t) => {
  const folder = await temporaryFolder(t)
  const store = createFileStore(folder)
  const keys = Array.from({ length: 600 }, (_, i) => `many/${i}`)
  for (const key of keys) await store.put(key, [bytes(key)])
  const module = new URL(`../../src/storage/file-store${extname(import.meta.url)}`, import.meta.url)
  const program = `
    import { createFileStore } from ${JSON.stringify(module.href)}
    const store = createFileStore(${JSON.stringify(folder)})
    const keys = await store.list('many/')
    const found = await Promise.all(keys.map((key) => store.get(key)))
    process.stdout.write(String(found.filter(Boolean).length))`
  const command = [process.execPath, ...loaderArgs, '--input-type=module', '-e', program]
  const { stdout } = await run('bash', ['-c', 'ulimit -n 256; exec "$@"', 'bash', ...command])
  assert.equal(stdout, '600')
})
