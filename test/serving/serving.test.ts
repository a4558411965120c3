import assert from 'node:assert/strict'
import { readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { encodeModel } from '../../src/model/file/model-file.ts'
import { factsOf } from '../../src/serving/snapshot.ts'
import { openStore, serve, type TestStore } from '../support/bench.ts'
import { until } from '../support/marquee.ts'
import { cardOf, dotBiasModel, emptyReport } from '../support/models.ts'

const fileOf = ({ folder }: TestStore, version: string, name = 'model.safetensors') =>
  join(folder, 'models', version, name)
const firstOf = (seed: number) => dotBiasModel({ seed }).userFactors.data[0]!

async function alterOneByte(path: string): Promise<void> {
  const bytes = await readFile(path)
  bytes[bytes.length - 5]! ^= 1
  await writeFile(path, bytes)
}

test('before the first model there is an error that says what to do', async (t) => {
  const { serving } = await serve(t, await openStore(t))
  assert.throws(() => serving.snapshot(), { code: 'no-model', message: /start a training job/ })
  assert.equal(serving.findSnapshot(), null)
  assert.equal(serving.catalogue().size, 0)
})

test('a published model and a changed catalogue are noticed without being told', async (t) => {
  const bench = await openStore(t)
  const { serving } = await serve(t, bench, 10)
  await bench.publish(dotBiasModel(), 'v1')
  await until(() => serving.status().model === 'v1')
  await bench.importMovies()
  await until(() => factsOf(serving.snapshot(), 0)?.title === 'Amélie')
  await bench.importMovies('movieId,title,genres\nm1,Renamed (2002),Drama\n')
  await until(() => factsOf(serving.snapshot(), 0)?.title === 'Renamed')
  await bench.publish(dotBiasModel({ seed: 2 }), 'v2')
  await until(() => serving.status().model === 'v2')
  assert.equal(serving.snapshot().model.userFactors.data[0], firstOf(2))
})

const damages: Record<string, { harm(path: string): Promise<void>; reason: RegExp }> = {
  'cut short': { harm: (path) => truncate(path, 100), reason: /has 100 bytes, its card says \d+/ },
  'altered in one byte': { harm: alterOneByte, reason: /SHA-256/ },
  gone: { harm: (path) => rm(path), reason: /is missing/ },
}
for (const [damage, { harm, reason }] of Object.entries(damages))
  test(`a model that is ${damage} is refused in a sentence and the old one serves`, async (t) => {
    const bench = await openStore(t)
    await bench.publish(dotBiasModel(), 'v1')
    const { serving, lines } = await serve(t, bench)
    await bench.publish(dotBiasModel({ seed: 2 }), 'v2')
    await harm(fileOf(bench, 'v2'))
    const before = serving.snapshot()
    for (let look = 0; look < 3; look++) await serving.refresh()
    assert.equal(serving.snapshot(), before)
    assert.equal(serving.status().model, 'v1')
    assert.equal(serving.status().refusal?.version, 'v2')
    assert.match(serving.status().refusal!.reason, reason)
    const refusals = lines.filter(({ msg }) => String(msg).includes('refused'))
    assert.equal(refusals.length, 1, 'it is logged once, not at every look')
    assert.match(String(refusals[0]!['reason']), reason)
  })

test('bytes that fit their card but are no model are refused too', async (t) => {
  const bench = await openStore(t)
  await bench.publish(dotBiasModel(), 'v1')
  const { serving } = await serve(t, bench)
  const model = dotBiasModel()
  model.userFactors.data[0] = Number.NaN
  await bench.publish(model, 'v2')
  await serving.refresh()
  assert.equal(serving.status().model, 'v1')
  assert.match(serving.status().refusal!.reason, /NaN/)
})

test('a refused model that was repaired serves after all, and the refusal is forgotten', async (t) => {
  const bench = await openStore(t)
  await bench.publish(dotBiasModel(), 'v1')
  await bench.publish(dotBiasModel({ seed: 2 }), 'v2', 2)
  const good = await readFile(fileOf(bench, 'v2'))
  await alterOneByte(fileOf(bench, 'v2'))
  const { serving } = await serve(t, bench, 10)
  assert.equal(serving.status().model, 'v1')
  await writeFile(fileOf(bench, 'v2'), good)
  await until(() => serving.status().model === 'v2')
  assert.equal(serving.status().refusal, null)
})

test('at the start a damaged model gives way to the newest other that is whole', async (t) => {
  const bench = await openStore(t)
  for (const [i, version] of ['v1', 'v2', 'v3', 'v4'].entries())
    await bench.publish(dotBiasModel({ seed: i }), version, i + 1)
  await alterOneByte(fileOf(bench, 'v4'))
  await truncate(fileOf(bench, 'v3'), 10)
  const { serving } = await serve(t, bench)
  assert.equal(serving.status().model, 'v2')
  assert.equal(serving.status().refusal?.version, 'v4')
})

test('at the start a model that the gate refused comes after all others', async (t) => {
  const bench = await openStore(t)
  await bench.publish(dotBiasModel({ seed: 1 }), 'v1')
  const decidedAt = '2026-01-02T00:00:00.000Z'
  const refused = { mode: 'auto', promoted: false, verdict: 'worse', reason: 'a test' } as const
  await bench.registry.publish(
    { tensors: encodeModel(dotBiasModel({ seed: 2 })), report: emptyReport },
    {
      ...cardOf('v2', decidedAt),
      promotion: { ...refused, decidedAt, askedBy: null, against: null, comparison: null },
    },
  )
  await bench.publish(dotBiasModel({ seed: 3 }), 'v3', 3)
  await alterOneByte(fileOf(bench, 'v3'))
  assert.equal((await serve(t, bench)).serving.status().model, 'v1')
  await alterOneByte(fileOf(bench, 'v1'))
  assert.equal((await serve(t, bench)).serving.status().model, 'v2', 'it is better than none')
})

test('an unreadable pointer stops neither the start nor what serves', async (t) => {
  const bench = await openStore(t)
  await bench.publish(dotBiasModel(), 'v1')
  await writeFile(join(bench.folder, 'models/current.json'), '{')
  const { serving } = await serve(t, bench)
  assert.equal(serving.status().model, 'v1')
  await bench.publish(dotBiasModel({ seed: 2 }), 'v2', 2)
  await serving.refresh()
  assert.equal(serving.status().model, 'v2')
})

test('when no model is whole, the error says why', async (t) => {
  const bench = await openStore(t)
  await bench.publish(dotBiasModel(), 'v1')
  await alterOneByte(fileOf(bench, 'v1'))
  const { serving } = await serve(t, bench)
  assert.throws(() => serving.snapshot(), { code: 'no-model', message: /SHA-256/ })
})

test('promote and rollback resolve when the model serves', async (t) => {
  const bench = await openStore(t)
  await bench.publish(dotBiasModel(), 'v1')
  await bench.publish(dotBiasModel({ seed: 2 }), 'v2', 2)
  const { serving } = await serve(t, bench)
  assert.equal(serving.status().model, 'v2')
  await serving.promote('v1')
  assert.equal(serving.snapshot().version, 'v1')
  await serving.rollback()
  assert.equal(serving.snapshot().version, 'v2')
})

test('promoting a damaged or unknown model changes nothing', async (t) => {
  const bench = await openStore(t)
  await bench.publish(dotBiasModel(), 'v1')
  await bench.publish(dotBiasModel({ seed: 2 }), 'v2', 2)
  const { serving } = await serve(t, bench)
  await alterOneByte(fileOf(bench, 'v1'))
  await assert.rejects(serving.promote('v1'), { code: 'invalid-model' })
  await assert.rejects(serving.promote('v9'), { code: 'unknown-model' })
  assert.equal(await bench.registry.current(), 'v2')
  assert.equal(serving.status().model, 'v2')
})

test('a damaged segment of movies is left out and told until it is whole again', async (t) => {
  const bench = await openStore(t)
  await bench.importMovies()
  const { serving } = await serve(t, bench)
  const { segment } = await bench.importMovies('movieId,title,genres\nm9,New (2020),Drama\n')
  const [key] = (await bench.store.list('movies/')).filter((name) => name.includes(segment))
  const path = join(bench.folder, key!)
  const good = await readFile(path)
  await alterOneByte(path)
  await serving.refresh()
  assert.equal(serving.catalogue().size, 5)
  assert.equal(serving.status().catalogueRefusal, null)
  const { serving: later } = await serve(t, bench)
  for (const one of [serving, later]) {
    await one.refresh()
    assert.equal(one.catalogue().size, 5)
    assert.deepEqual(
      one.status().damaged.map((damage) => damage.key),
      [key],
    )
  }
  await writeFile(path, good)
  await later.refresh()
  assert.deepEqual([later.catalogue().size, later.status().damaged], [6, []])
})
