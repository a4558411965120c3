import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { tagOf } from '../../src/http/out/entity-tag.ts'
import type { Snapshot } from '../../src/serving/snapshot.ts'
import { openApp } from '../support/app.ts'
import { dotBiasModel } from '../support/models.ts'

const addresses = [
  '/v1/users/u1/predictions/m4',
  '/v1/users/u1/recommendations?n=3',
  '/v1/movies/rankings/bias?n=2',
  '/v1/movies?title=matrix',
  '/v1/movies/m2',
]
const known = (tag: unknown) => ({ headers: { 'if-none-match': String(tag) } })

test('a client that has an answer is told that it is still the answer', async (t) => {
  const { call, importMovies, publish, serving } = await openApp(t)
  await importMovies()
  await publish(dotBiasModel(), 'v1')
  await serving.refresh()
  for (const address of addresses) {
    const { status, headers } = await call(`GET ${address}`)
    assert.equal(status, 200)
    assert.match(String(headers['etag']), /^"[^"]+"$/)
    assert.equal(headers['cache-control'], 'private, no-cache')
    for (const tag of [headers['etag'], `W/${headers['etag']}`, `"x", ${headers['etag']}`]) {
      const again = await call(`GET ${address}`, known(tag))
      assert.deepEqual([again.status, again.text], [304, ''], address)
      assert.equal(again.headers['etag'], headers['etag'])
    }
    for (const tag of ['"other"', '*', 'v1'])
      assert.equal((await call(`GET ${address}`, known(tag))).status, 200)
  }
})

test('a new model or catalogue is a new answer', async (t) => {
  const { call, importMovies, publish, serving } = await openApp(t)
  const changed = async (address: string, tag: unknown) => {
    const answer = await call(`GET ${address}`, known(tag))
    return answer.status === 200
  }
  await importMovies()
  await publish(dotBiasModel(), 'v1')
  await serving.refresh()
  const tags = new Map<string, unknown>()
  for (const address of addresses) tags.set(address, (await call(`GET ${address}`)).headers['etag'])
  await publish(dotBiasModel({ seed: 2 }), 'v2', 2)
  await serving.refresh()
  // A page of the catalogue rests on no model.
  for (const address of addresses)
    assert.equal(await changed(address, tags.get(address)), !address.includes('title'), address)
  for (const address of addresses) tags.set(address, (await call(`GET ${address}`)).headers['etag'])
  await importMovies('movieId,title,genres\nm2,Renamed (1999),Drama\n')
  await serving.refresh()
  for (const address of addresses) assert.ok(await changed(address, tags.get(address)), address)
})

test('a model that was written anew under its version is a new answer, with news and without', () => {
  const at = (revision?: number) =>
    ({ version: 'v1', card: { revision }, catalogue: { version: 'c1' } }) as unknown as Snapshot
  for (const told of [[], [{ epoch: 'e', seq: 3 }]])
    assert.equal(new Set([undefined, 1, 2].map((revision) => tagOf(at(revision), told))).size, 3)
})

test('an error has no tag', async (t) => {
  const { call, publish, serving } = await openApp(t)
  await publish(dotBiasModel(), 'v1')
  await serving.refresh()
  const { status, headers } = await call('GET /v1/movies/m99')
  const { etag, 'cache-control': control } = headers
  assert.deepEqual([status, etag, control], [404, undefined, 'private, no-store'])
})

const lists = [
  '/v1/users/u1/recommendations?n=3',
  '/v1/users/nobody/recommendations',
  '/v1/movies/rankings/bias?n=2',
  '/v1/movies/rankings/mean',
  '/v1/movies/rankings/popular?n=1',
  '/v1/movies/rankings/trending',
]

/** A server with a memory of that size, that counts how often it reads the model. */
async function openCounting(t: TestContext, responseCacheBytes: number) {
  const { call, importMovies, publish, serving } = await openApp(t, { responseCacheBytes })
  await importMovies()
  await publish(dotBiasModel(), 'v1')
  await serving.refresh()
  const { snapshot } = serving
  let reads = 0
  serving.snapshot = () => {
    const served = snapshot()
    const get = () => {
      reads += 1
      return served.model
    }
    return Object.create(served, { model: { get } })
  }
  const ask = async () => {
    const answers: string[][] = []
    reads = 0
    for (const address of lists) {
      const { text, headers } = await call(`GET ${address}`)
      // Not the ETag: each import of the movies has a version of its own.
      const names = ['content-type', 'content-length', 'cache-control']
      answers.push([text, ...names.map((name) => String(headers[name]))])
    }
    return { answers, reads }
  }
  return { ask, publish, serving }
}

test('what is asked for again is not made again, and is the same', async (t) => {
  const { answers } = await (await openCounting(t, 0)).ask()
  const { ask, publish, serving } = await openCounting(t, 1_000_000)
  const first = await ask()
  const second = await ask()
  assert.ok(first.reads >= lists.length)
  assert.equal(second.reads, 0)
  assert.deepEqual([first.answers, second.answers], [answers, answers])

  await publish(dotBiasModel({ seed: 2 }), 'v2', 2)
  await serving.refresh()
  for (const [text] of (await ask()).answers) assert.equal(JSON.parse(text!).model, 'v2')
})

test('a memory that is full forgets, and nothing else', async (t) => {
  const { ask } = await openCounting(t, 2_000)
  const first = await ask()
  const second = await ask()
  assert.ok(second.reads > 0)
  assert.deepEqual(second.answers, first.answers)
})
