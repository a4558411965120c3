import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { copyFile, mkdir, readdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { type TestContext, test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { predict } from '../../src/serving/predict.ts'
import { createFileStore } from '../../src/storage/file-store.ts'
import { checkStore } from '../../src/storage/integrity/check-store.ts'
import { createModelRegistry } from '../../src/storage/model-registry.ts'
import { inFolder } from '../../src/storage/open-store.ts'
import { importRatings } from '../../src/storage/ratings/import-ratings.ts'
import { loadTrainingMaterial } from '../../src/storage/training-material.ts'
import { openStore, serve } from '../support/bench.ts'
import { rankedModel } from '../support/models.ts'
import { temporaryFolder } from './bodies.ts'

/** Kinds of what `marquee check` finds. */
async function found(folder: string): Promise<string[]> {
  const kinds: string[] = []
  for await (const { kind, key } of checkStore(inFolder(folder))) kinds.push(`${kind} ${key}`)
  return kinds
}

/** Copies file by file, as cp and rsync do: what has gone since it was listed is left out. */
async function copyLive(from: string, to: string): Promise<void> {
  const gone = (error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
    return []
  }
  for (const entry of await readdir(from, { withFileTypes: true }).catch(gone)) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)]
    if (entry.isDirectory()) await copyLive(source, target)
    else {
      await mkdir(to, { recursive: true })
      await copyFile(source, target).catch(gone)
    }
  }
}

test('a copy that is made while the store is written to has all that was there before, and serves', async (t) => {
  const bench = await openStore(t)
  await bench.importMovies()
  let imports = 0
  let models = 0
  const write = async () => {
    const lines = Array.from({ length: 50 }, (_, i) => `u${imports}-${i},m1,4,${1_000 + imports}`)
    const csv = `userId,movieId,rating,timestamp\n${lines.join('\n')}\n`
    await importRatings(bench.store, Readable.from([Buffer.from(csv)]))
    imports += 1
    if (imports % 2 === 1) return
    await bench.publish(rankedModel(), `model-${models}`, (models % 28) + 1)
    models += 1
    await bench.registry.prune(3)
  }
  while (models < 3) await write()
  let isWriting = true
  const writing = (async () => {
    while (isWriting) await write()
  })()
  const copies: { folder: string; ratings: number; models: number }[] = []
  for (let i = 0; i < 6; i++) {
    const before = { ratings: 50 * imports, models }
    const folder = await temporaryFolder(t)
    await copyLive(bench.folder, folder)
    copies.push({ folder, ...before })
  }
  isWriting = false
  await writing
  for (const { folder, ...before } of copies) {
    const store = createFileStore(folder)
    const { ratings, damaged = [] } = await loadTrainingMaterial(store)
    assert.deepEqual(damaged, [])
    assert.ok(ratings.rating.length >= before.ratings)
    const restored = { ...bench, folder, store, registry: createModelRegistry(store) }
    const { serving } = await serve(t, restored)
    const number = Number(/^model-(\d+)$/.exec(serving.status().model ?? '')?.[1])
    assert.ok(number >= before.models - 1, `${serving.status().model} of ${before.models} models`)
    for await (const finding of checkStore(inFolder(folder))) await finding.repair()
    assert.deepEqual(await found(folder), [])
  }
})

/** The store of an earlier release, which `serve` and `work` of it wrote. */
async function unpacked(t: TestContext, release: string): Promise<string> {
  const folder = await temporaryFolder(t)
  const packed = readFileSync(new URL(`./store-${release}.json.gz`, import.meta.url))
  const files: Record<string, string> = JSON.parse(gunzipSync(packed).toString())
  for (const [key, bytes] of Object.entries(files)) {
    await mkdir(dirname(join(folder, key)), { recursive: true })
    await writeFile(join(folder, key), Buffer.from(bytes, 'base64'))
  }
  return folder
}

test('the store of release 0.1.0 is whole, is learnt from and answers as it did', async (t) => {
  const bench = await openStore(t)
  const folder = await unpacked(t, '0.1.0')
  assert.deepEqual(await found(folder), [])
  const store = createFileStore(folder)
  const { ratings, live } = await loadTrainingMaterial(store)
  assert.deepEqual(
    [ratings.rating.length, ratings.users.size, ratings.movies.size],
    [1_601, 81, 60],
  )
  assert.deepEqual(live, [{ epoch: '34cd1f3f3c5e', seq: 2 }])
  const { serving } = await serve(t, {
    ...bench,
    folder,
    store,
    registry: createModelRegistry(store),
  })
  assert.equal(serving.catalogue().size, 60)
  const rating = async (userId: string) => {
    const snapshot = serving.snapshot()
    return predict(snapshot, { userId, movieId: 'movie-7' })
  }
  for (const [userId, expected] of Object.entries({
    'user-1': 3.0008,
    'user-9': 3.0752,
    'new-user': 2.6104,
  }))
    assert.equal((await rating(userId)).rating, expected, userId)
})
