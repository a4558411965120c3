import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { MarqueeError } from '../../src/errors.ts'
import { decodeModel, encodeModel } from '../../src/model/file/model-file.ts'
import type { ModelReport } from '../../src/model/report.ts'
import { openBatches } from '../../src/storage/batches/batches.ts'
import { createFileStore } from '../../src/storage/file-store.ts'
import { createModelRegistry } from '../../src/storage/model-registry.ts'
import { verifyTensors } from '../../src/storage/verify-tensors.ts'
import { cardOf, dotBiasModel, emptyReport } from '../support/models.ts'

const folders: string[] = []
after(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))))

async function emptyRegistry() {
  const folder = await mkdtemp(join(tmpdir(), 'marquee-registry-'))
  folders.push(folder)
  return { folder, registry: createModelRegistry(createFileStore(folder)) }
}
const files = (seed = 1) => ({
  tensors: encodeModel(dotBiasModel({ seed })),
  report: reportOf(seed),
})
const reportOf = (step: number): ModelReport => {
  return { ...emptyReport, rates: [{ step, learningRate: 0.1, momentum: 0.9 }] }
}
const day = (n: number) => `2026-01-${String(n).padStart(2, '0')}T00:00:00.000Z`
const hasCode = (code: string) => (error: unknown) =>
  error instanceof MarqueeError && error.code === code

test('nothing serves before the first model', async () => {
  const { registry } = await emptyRegistry()
  assert.equal(await registry.current(), null)
  assert.deepEqual(await registry.list(), [])
  await assert.rejects(registry.rollback(), hasCode('no-earlier-model'))
})

test('a published model serves, and its bytes come back checked', async () => {
  const { registry } = await emptyRegistry()
  assert.equal(await registry.publish(files(), cardOf('v1')), true)
  assert.equal(await registry.current(), 'v1')
  const model = decodeModel(await registry.tensors(await registry.card('v1')))
  assert.deepEqual(model.movieBias, dotBiasModel().movieBias)
})

test('of many attempts at one version exactly one is published, with its own bytes', async () => {
  const { registry, folder } = await emptyRegistry()
  const attempts = [1, 2, 3, 4, 5]
  const outcomes = await Promise.all(
    attempts.map((attempt) => registry.publish(files(attempt), cardOf('v1'), attempt)),
  )
  assert.equal(outcomes.filter(Boolean).length, 1)
  const winner = attempts[outcomes.indexOf(true)]!
  const model = decodeModel(await registry.tensors(await registry.card('v1')))
  assert.deepEqual(model.movieBias, dotBiasModel({ seed: winner }).movieBias)
  assert.deepEqual(await registry.report('v1'), reportOf(winner))
  assert.equal((await readdir(join(folder, 'models/v1'))).length, 3)
})

test('a report is there before the card is, and one that is gone or damaged is said to be', async () => {
  const { registry, folder } = await emptyRegistry()
  const store = createFileStore(folder)
  const killed = new Error('killed before the commit')
  const putIfAbsent = () => Promise.reject(killed)
  const dying = createModelRegistry({ ...store, putIfAbsent })
  await assert.rejects(dying.publish(files(), cardOf('v1')), killed)
  const path = join(folder, 'models/v1/report.json')
  assert.deepEqual(JSON.parse(await readFile(path, 'utf8')), reportOf(1))
  await assert.rejects(registry.report('v1'), hasCode('unknown-model'))

  await registry.publish(files(), cardOf('v1'))
  await writeFile(path, '{}')
  await assert.rejects(registry.report('v1'), hasCode('invalid-model'))
  await rm(path)
  await assert.rejects(registry.report('v1'), hasCode('not-found'))
})

test('an attempt killed between card and pointer is finished by the next one', async () => {
  const { registry, folder } = await emptyRegistry()
  await registry.publish(files(), cardOf('v1'))
  await rm(join(folder, 'models/current.json'))
  assert.equal(await registry.publish(files(2), cardOf('v1'), 2), false)
  assert.equal(await registry.current(), 'v1')
})

test('a late attempt does not undo what an admin chose since', async () => {
  const { registry } = await emptyRegistry()
  await registry.publish(files(), cardOf('v1', day(1)))
  await registry.publish(files(), cardOf('v2', day(2)))
  await registry.promote('v1')
  await registry.publish(files(), cardOf('v2', day(2)), 2)
  assert.equal(await registry.current(), 'v1')
})

test('rollback goes back through what served, over versions that are gone', async () => {
  const { registry, folder } = await emptyRegistry()
  for (const n of [1, 2, 3]) await registry.publish(files(n), cardOf(`v${n}`, day(n)))
  await rm(join(folder, 'models/v2'), { recursive: true })
  assert.equal(await registry.rollback(), 'v1')
  assert.equal(await registry.current(), 'v1')
  await assert.rejects(registry.rollback(), hasCode('no-earlier-model'))
})

test('only a version that exists can be promoted, whatever its name', async () => {
  const { registry } = await emptyRegistry()
  await registry.publish(files(), cardOf('v1'))
  for (const name of ['v2', '../v1', 'V1', '', 'v1/../v1', '%2e%2e', 'current.json'])
    await assert.rejects(registry.promote(name), hasCode('unknown-model'), name)
  assert.equal(await registry.current(), 'v1')
})

test('pruning keeps the newest, the one that serves and the one that a batch is made by', async () => {
  const { registry, folder } = await emptyRegistry()
  for (const n of [1, 2, 3, 4, 5]) await registry.publish(files(), cardOf(`v${n}`, day(n)))
  await registry.promote('v1')
  const batches = openBatches(createFileStore(folder))
  const [job, damaged] = ['job-000000000000000000000001', 'job-000000000000000000000002']
  await batches.fixPlan(job, { model: 'v2', live: [], parts: 1, items: 1, mostItems: 1 })
  await createFileStore(folder).put(`batches/${damaged}/plan.json`, [Buffer.from('{')])
  await registry.prune(3)
  assert.equal((await registry.list()).length, 5)
  await batches.remove(job)
  await registry.prune(3)
  assert.deepEqual(
    (await registry.list()).map(({ version }) => version),
    ['v5', 'v4', 'v3', 'v1'],
  )
  assert.deepEqual((await readdir(join(folder, 'models'))).sort(), [
    'current.json',
    'v1',
    'v3',
    'v4',
    'v5',
  ])
})

for (const [what, damage] of Object.entries({
  'cut short': (path: string) => truncate(path, 100),
  'with one bit changed': async (path: string) => {
    const bytes = await readFile(path)
    bytes[bytes.length >> 1]! ^= 1
    await writeFile(path, bytes)
  },
  missing: (path: string) => rm(path),
}))
  test(`tensors that are ${what} are refused with a sentence`, async () => {
    const { registry, folder } = await emptyRegistry()
    await registry.publish(files(), cardOf('v1'))
    await damage(join(folder, 'models/v1/model.safetensors'))
    const card = await registry.card('v1')
    const verified = registry.tensors(card).then((bytes) => verifyTensors(card, bytes))
    await assert.rejects(verified, hasCode('invalid-model'))
  })

test('a card that is not readable is an error for its model and hides no other', async () => {
  const { registry, folder } = await emptyRegistry()
  for (const n of [1, 2]) await registry.publish(files(), cardOf(`v${n}`, day(n)))
  await writeFile(join(folder, 'models/v1/card.json'), '{"version":')
  await assert.rejects(registry.card('v1'), hasCode('invalid-model'))
  assert.deepEqual(
    (await registry.list()).map(({ version }) => version),
    ['v2'],
  )
})
