import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { MarqueeError } from '../../src/errors.ts'
import { openStore, type TestStore } from '../support/bench.ts'
import { dotBiasModel } from '../support/models.ts'

const model = dotBiasModel()
const at = ({ folder }: TestStore, key: string) => join(folder, key)

async function published(t: Parameters<typeof openStore>[0], ...versions: string[]) {
  const bench = await openStore(t)
  for (const [i, version] of versions.entries()) await bench.publish(model, version, 1 + i)
  return bench
}

test('of many promotes at once the history shows all, and the last one serves', async (t) => {
  const versions = ['v1', 'v2', 'v3', 'v4', 'v5']
  const { registry } = await published(t, ...versions)
  // Alone, v5 is what serves already.
  const asked = versions.filter((version) => version !== 'v5')
  await Promise.all(asked.map((version) => registry.promote(version, `key-${version}`)))
  const { history, version } = (await registry.pointer())!
  assert.deepEqual(
    history
      .slice(0, 4)
      .map((change) => change.version)
      .sort(),
    asked,
  )
  assert.equal(version, history[0]!.version)
})

for (const [what, move] of Object.entries({
  'a publication': (bench: TestStore) => bench.publish(model, 'v4', 4),
  'a promotion': (bench: TestStore) => bench.registry.promote('v1'),
  'a promotion of what serves': (bench: TestStore) => bench.registry.promote('v3'),
  'a rollback': (bench: TestStore) => bench.registry.rollback(),
}))
  test(`${what} writes a pointer anew that cannot be read`, async (t) => {
    const bench = await published(t, 'v1', 'v2', 'v3')
    for (const key of ['models/current.json', ...(await bench.store.list('pointer/'))])
      await writeFile(at(bench, key), '{"version":')
    assert.equal(await bench.registry.current(), 'v3', 'the cards say what serves')
    await move(bench)
    const current = JSON.parse(await readFile(at(bench, 'models/current.json'), 'utf8'))
    assert.equal(current.version, await bench.registry.current())
    assert.equal(await bench.registry.rollbackTarget(), current.earlier[0])
  })

test('of a pointer whose newest revision is damaged the one before it, or its copy, counts', async (t) => {
  const bench = await published(t, 'v1', 'v2')
  await bench.registry.rollback('somebody')
  const { history } = (await bench.registry.pointer())!
  const newest = (await bench.store.list('pointer/')).at(-1)!
  await writeFile(at(bench, newest), '')
  assert.deepEqual((await bench.registry.pointer())!.history, history)
  await writeFile(at(bench, 'models/current.json'), '')
  assert.deepEqual((await bench.registry.pointer())!.history, history.slice(1))
})

test('no flipped bit of card, report or pointer gives another answer', async (t) => {
  const bench = await published(t, 'v1', 'v2')
  const { registry, store } = bench
  const answers = async () => [await registry.card('v2'), await registry.report('v2')]
  const truths = [await answers(), await registry.pointer()]
  const reads = [answers, () => registry.pointer()]
  const revisions = await store.list('pointer/')
  const files = [
    ['models/v2/card.json', 0],
    ['models/v2/report.json', 0],
    ['models/current.json', 1],
    [revisions.at(-1)!, 1],
  ] as const
  for (const [key, which] of files) {
    const bytes = await readFile(at(bench, key))
    for (let byte = 0; byte < bytes.length; byte += 5) {
      const mutant = Buffer.from(bytes)
      mutant[byte]! ^= 1 << (byte % 8)
      await writeFile(at(bench, key), mutant)
      try {
        assert.deepEqual(await reads[which]!(), truths[which], `${key}, byte ${byte}`)
      } catch (error) {
        assert.ok(error instanceof MarqueeError && error.code === 'invalid-model', `${error}`)
      }
    }
    await writeFile(at(bench, key), bytes)
  }
})

test('a card, or a report, of another version is refused', async (t) => {
  const bench = await published(t, 'v1', 'v2')
  await bench.publish(model, 'v3', 3, {
    ...(await bench.registry.report('v1')),
    rates: [{ step: 1, learningRate: 1, momentum: 1 }],
  })
  await writeFile(
    at(bench, 'models/v1/card.json'),
    await readFile(at(bench, 'models/v2/card.json')),
  )
  await writeFile(
    at(bench, 'models/v2/report.json'),
    await readFile(at(bench, 'models/v3/report.json')),
  )
  await assert.rejects(bench.registry.card('v1'), { code: 'invalid-model' })
  await assert.rejects(bench.registry.report('v2'), /report.json of model v2 was refused/)
})

test('a store of the last release opens, and goes on', async (t) => {
  const bench = await published(t, 'v1', 'v2')
  for (const version of ['v1', 'v2']) {
    const path = at(bench, `models/${version}/card.json`)
    const { seal, sequence, report, ...card } = JSON.parse(await readFile(path, 'utf8'))
    assert.ok(seal && sequence && report, 'what it had not yet')
    await writeFile(path, JSON.stringify(card))
  }
  for (const key of await bench.store.list('pointer/')) await bench.store.remove(key)
  const history = [{ version: 'v1', at: '2026-01-01T00:00:00.000Z', how: 'trained', by: null }]
  const old = { version: 'v1', earlier: ['v2'], history, held: null }
  await writeFile(at(bench, 'models/current.json'), JSON.stringify(old))
  assert.deepEqual(await bench.registry.pointer(), old)
  assert.deepEqual((await bench.registry.report('v1')).rates, [])
  await bench.publish(model, 'v3', 3)
  assert.equal(await bench.registry.current(), 'v3')
  assert.deepEqual((await bench.registry.pointer())!.earlier, ['v1', 'v2'])
})

test('models are in order of publication, whatever the clock said', async (t) => {
  const bench = await openStore(t)
  for (const [i, day] of [5, 6, 2, 1].entries()) await bench.publish(model, `v${i + 1}`, day)
  const versions = async () => (await bench.registry.list()).map(({ version }) => version)
  assert.deepEqual(await versions(), ['v4', 'v3', 'v2', 'v1'])
  await bench.registry.prune(2)
  assert.deepEqual(await versions(), ['v4', 'v3'])
})
