import assert from 'node:assert/strict'
import { cp, readdir, readFile, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import { encodeModel } from '../../src/model/file/model-file.ts'
import { checkStore } from '../../src/storage/integrity/check-store.ts'
import { watchStore } from '../../src/storage/integrity/store-health.ts'
import { keepSwept, sweepStore } from '../../src/storage/integrity/sweep.ts'
import { createModelRegistry } from '../../src/storage/model-registry.ts'
import { loadMovies } from '../../src/storage/movies/load-movies.ts'
import { inFolder } from '../../src/storage/open-store.ts'
import { importRatings } from '../../src/storage/ratings/import-ratings.ts'
import { loadRatings } from '../../src/storage/ratings/load-ratings.ts'
import { putLiveRatings } from '../../src/storage/ratings/ratings-segment.ts'
import { LiveRatingsBuilder } from '../../src/storage/ratings/told/live-ratings.ts'
import { keptLog, openStore, serve, type TestStore } from '../support/bench.ts'
import { until } from '../support/marquee.ts'
import { cardOf, dotBiasModel, emptyReport } from '../support/models.ts'

const csv = 'userId,movieId,rating,timestamp\nu1,m1,4,1\nu2,m2,3,2\n'
const text = (lines: string) => Readable.from([Buffer.from(lines)])

/** A store with some of everything. */
async function filled(t: Parameters<typeof openStore>[0]) {
  const bench = await openStore(t)
  const { store, publish } = bench
  for (const [i, version] of ['v1', 'v2', 'v3'].entries())
    await publish(dotBiasModel({ seed: i }), version, 1 + i)
  await bench.importMovies()
  const { segment: movies } = await bench.importMovies('movieId,title\nzz,One\n')
  await importRatings(store, text(csv), { scale: [1, 5] })
  const { segment: ratings } = await importRatings(store, text(csv.replaceAll('\nu', '\nw')))
  const told = new LiveRatingsBuilder()
  told.rate('u1', 'm3', { rating: 2, timestamp: 9, told: 9, offset: 0 })
  const range = { epoch: 'e', from: 1, to: 1 }
  const live = await putLiveRatings(store, told.build(), range, Date.now())
  return { ...bench, movies, ratings, live }
}

async function findings({ folder }: TestStore, isRepair: boolean): Promise<string[]> {
  const found: string[] = []
  for await (const { kind, key, repair } of checkStore(inFolder(folder), join(folder, 'uploads'))) {
    found.push(`${kind} ${key}`)
    if (isRepair) await repair()
  }
  return found
}

async function spoil({ folder }: TestStore, key: string, at = -5): Promise<void> {
  const path = join(folder, key)
  const bytes = await readFile(path)
  bytes[at < 0 ? bytes.length + at : at]! ^= 1
  await writeFile(path, bytes)
}

test('in a store that is whole nothing is found', async (t) => {
  assert.deepEqual(await findings(await filled(t), false), [])
})

test('what is damaged is named, and once repaired all is whole and the rest is there', async (t) => {
  const bench = await filled(t)
  const { store, registry } = bench
  const before = await loadRatings(store)
  const [scale] = await store.list('rating-scales/')
  const segments = [
    `ratings/${bench.live}.segment`,
    `ratings/${bench.ratings}.segment`,
    `movies/${bench.movies}.segment`,
    scale!,
  ]
  for (const key of segments) await spoil(bench, key)
  await spoil(bench, 'models/v1/report.json')
  await spoil(bench, 'models/v2/model.safetensors')
  await spoil(bench, 'models/v3/card.json', 20)
  await writeFile(join(bench.folder, 'models/current.json'), '')
  const lost = join(bench.folder, 'models/v1/model-2.safetensors')
  await writeFile(lost, 'of an attempt that died')
  await utimes(lost, 1, 1)

  const expected = [
    ...segments.map((key) => `damaged ${key}`).toSorted(),
    ...['damaged models/v1/report.json', 'unfinished models/v1/model-2.safetensors'],
    ...['damaged models/v2/', 'damaged models/v3/'],
    ...['damaged models/current.json', 'lost models/current.json'],
  ]
  const bytesBefore = await store.list('')
  assert.deepEqual((await findings(bench, false)).toSorted(), expected.toSorted())
  assert.deepEqual(await store.list(''), bytesBefore, 'without --repair nothing changes')

  assert.deepEqual((await findings(bench, true)).toSorted(), expected.toSorted())
  assert.deepEqual(await findings(bench, false), [], 'all is repaired')
  assert.equal(await registry.current(), 'v1')
  const { ratings, live, damaged } = await loadRatings(store)
  assert.deepEqual([ratings.rating.length, damaged], [2, []])
  assert.deepEqual(live, before.live, 'what was folded is not folded again')
  assert.equal((await loadMovies(store)).movies.length, 5)
  assert.equal((await serve(t, bench)).serving.status().model, 'v1')
  for (const key of segments) assert.ok(await store.get(`quarantine/${key}`), key)
})

test('at a start the files of publications that died go, once they are old', async (t) => {
  const bench = await filled(t)
  const old = ['models/v9/model.safetensors', 'models/v9/report-2.json']
  const kept = ['models/v9/notes.txt', 'models/v1/model-2.safetensors']
  for (const key of [...old, ...kept, 'models/v8/model.safetensors']) await bench.store.put(key, [])
  for (const key of [...old, ...kept]) await utimes(join(bench.folder, key), 1, 1)
  const before = await bench.store.list('')
  await sweepStore(inFolder(bench.folder), keptLog().logger)
  assert.deepEqual(
    await bench.store.list(''),
    before.filter((key) => !old.includes(key)),
  )
})

test('tensors of an attempt that died go, too, where a later attempt has published', async (t) => {
  const bench = await openStore(t)
  const { store, registry, folder } = bench
  const killed = new Error('killed before the card')
  const dying = createModelRegistry({ ...store, putIfAbsent: async () => Promise.reject(killed) })
  const files = { tensors: encodeModel(dotBiasModel()), report: emptyReport }
  await assert.rejects(dying.publish(files, cardOf('v1'), 1), killed)
  await registry.publish(files, cardOf('v1'), 2)
  for (const key of await store.list('models/v1/')) await utimes(join(folder, key), 1, 1)
  await sweepStore(inFolder(folder), keptLog().logger)
  assert.deepEqual(await store.list('models/v1/'), [
    'models/v1/card.json',
    'models/v1/model-2.safetensors',
    'models/v1/report-2.json',
  ])
  assert.equal((await serve(t, bench)).serving.status().model, 'v1')
})

test('a worker sweeps every hour', async (t) => {
  const bench = await openStore(t)
  t.mock.timers.enable({ apis: ['setInterval'] })
  const { logger, lines } = keptLog()
  keepSwept(inFolder(bench.folder), logger)
  const key = 'models/v9/model.safetensors'
  await bench.store.put(key, [])
  await utimes(join(bench.folder, key), 1, 1)
  t.mock.timers.tick(3_600_000)
  await until(() => lines.some(({ swept }) => swept === 1))
  assert.deepEqual(await bench.store.list('models/'), [])
})

test('neither a start nor a check touches what somebody has put beside the models', async (t) => {
  const bench = await openStore(t)
  await bench.publish(dotBiasModel(), 'v1')
  const models = join(bench.folder, 'models')
  const copies = ['v1.bak', 'v1_old', '_backup', 'V1 copy']
  for (const copy of copies) {
    await cp(join(models, 'v1'), join(models, copy), { recursive: true })
    for (const name of await readdir(join(models, copy)))
      await utimes(join(models, copy, name), 1, 1)
  }
  await writeFile(join(models, 'v1', 'to do.txt'), '')
  await bench.store.put('models/v9/model.safetensors', [])
  await utimes(join(models, 'v9/model.safetensors'), 1, 1)
  const before = await bench.store.list('')
  await sweepStore(inFolder(bench.folder), keptLog().logger)
  assert.deepEqual(await findings(bench, true), [])
  assert.deepEqual(
    await bench.store.list(''),
    before.filter((key) => !key.startsWith('models/v9/')),
  )
  const { registry, store } = bench
  const health = watchStore({ registry, store, pollMs: 3_600_000, logger: keptLog().logger })
  t.after(() => health.close())
  await bench.store.put('models/v1/model.safetensors', [Buffer.from('no model')])
  await health.look()
  assert.deepEqual([...health.damage().keys()], ['models/v1/card.json'])
})

test('models of the last release are sealed by a repair', async (t) => {
  const bench = await filled(t)
  const path = join(bench.folder, 'models/v1/card.json')
  const { seal: _, sequence: __, report: ___, ...card } = JSON.parse(await readFile(path, 'utf8'))
  await writeFile(path, JSON.stringify(card))
  assert.deepEqual(await findings(bench, true), ['unsealed models/v1/card.json'])
  assert.deepEqual(await findings(bench, false), [])
  await spoil(bench, 'models/v1/card.json', 20)
  await assert.rejects(bench.registry.card('v1'), { code: 'invalid-model' })
})
