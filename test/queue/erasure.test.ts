// Takes more than 15 s: a real training and an erasure, each in a process of a worker, because what
// is looked for is what they leave.
import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib'
import { Redis } from 'ioredis'
import { placeOf } from '../../src/model/experiments/assignment.ts'
import { openTrainingQueue } from '../../src/queue/producer/training-queue.ts'
import { startTrainingWorker } from '../../src/queue/worker/worker.ts'
import { listReceipts } from '../../src/storage/erasures/receipts.ts'
import { inFolder } from '../../src/storage/open-store.ts'
import { loadRatings } from '../../src/storage/ratings/load-ratings.ts'
import { openApp } from '../support/app.ts'
import { until } from '../support/marquee.ts'
import { dotBiasModel } from '../support/models.ts'
import { startRedis, type TestRedis } from '../support/redis.ts'
import { logger } from './queue-bench.ts'

const erased = 'erase-me-7f3a9c'
const prefix = 'test-erasure'
let server: TestRedis
before(async () => {
  server = await startRedis()
})
after(() => server.stop())

/** The files below a folder that have the id, as they are or packed. */
async function filesNaming(folder: string, id = erased): Promise<string[]> {
  const found: string[] = []
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    const bytes = await readFile(path)
    if (unpacked(bytes).some((text) => text.includes(id))) found.push(path)
  }
  return found
}

function unpacked(bytes: Buffer): Buffer[] {
  const texts = [bytes]
  for (const unpack of [gunzipSync, inflateSync, brotliDecompressSync])
    try {
      texts.push(unpack(bytes))
    } catch {
      // It is not packed so.
    }
  return texts
}

test('after an erasure the id stands nowhere, and whoever takes it is somebody new', async (t) => {
  const redis = new Redis(server.url)
  t.after(() => redis.disconnect())
  // So that what Redis writes can be searched.
  await redis.config('SET', 'rdbcompression', 'no')
  const [, redisFolder] = (await redis.config('GET', 'dir')) as [string, string]
  const options = { redisUrl: server.url, prefix, logger }
  const queue = await openTrainingQueue({ ...options, attempts: 2 })
  t.after(() => queue.close())
  const { call, folder, store, serving, publish } = await openApp(t, { queue, redis: options })
  const worker = await startTrainingWorker({
    ...options,
    store: inFolder(folder),
    backend: 'wasm',
    lockMs: 5_000,
  })
  t.after(() => worker.close(1_000))
  const put = async (userId: string, movieId: string, rating: number) => {
    const target = `PUT /v1/users/${userId}/ratings/${movieId}`
    assert.equal((await call(target, { payload: { rating } })).status, 200)
  }
  const train = async () => {
    const { body } = await call('POST /v1/training-jobs', {
      payload: { algorithm: 'dot-bias', factors: 4, epochs: 2, ranking: { epochs: 1 } },
    })
    let model: string | null = null
    await until(async () => {
      model = (await call(`GET /v1/training-jobs/${body.id}`)).body.model
      return model !== null
    })
    // The gate may refuse what is made of so little.
    assert.equal((await call(`POST /v1/models/${model}/promote`)).status, 200)
  }

  await publish(dotBiasModel(), 'first')
  const users = [erased, ...Array.from({ length: 30 }, (_, i) => `other-${i}`)]
  const lines = users.flatMap((user, u) =>
    Array.from({ length: 20 }, (_, m) => `${user},m${m},${((u + m) % 5) + 1}`),
  )
  await call('POST /v1/ratings/import', {
    payload: ['userId,movieId,rating', ...lines, ''].join('\n'),
  })
  await call('POST /v1/users/import', {
    payload: `userId,job\n${users.map((user) => `${user},writer\n`).join('')}`,
  })
  await put(erased, 'm3', 4)
  await train()
  await put('other-1', 'm4', 5)
  await put(erased, 'm5', 1)
  const known = `GET /v1/users/${erased}/predictions/m1`
  const before = await call(known)
  assert.equal(before.body.basis, 'trained')
  const other = (await call('GET /v1/users/other-3/predictions/m7')).body.rating
  await store.put('checkpoints/job-of-a-killed-training/x.safetensors', [Buffer.from(erased)])
  const experiment = { name: 'compared', share: 0.01 }
  const { arm, key } = placeOf(experiment, erased)
  assert.equal(arm, 'control')
  await call('PUT /v1/experiments/compared', { payload: { treatment: 'first', share: 0.01 } })
  await call(`GET /v1/users/${erased}/recommendations`)
  await until(async () => (await filesNaming(redisFolder, key)).length > 0)
  assert.ok((await filesNaming(folder)).length >= 4, 'the id stands in many files before')

  const asked = await call(`DELETE /v1/users/${erased}`)
  assert.equal(asked.status, 202)
  const receipt = `GET ${asked.headers['location']}`
  await until(async () => (await call(receipt)).body.finishedAt !== null)
  const { body } = await call(receipt)
  assert.deepEqual([body.userId, body.note], [null, null])
  for (const { step, doneAt } of body.steps) assert.ok(doneAt >= body.requestedAt, step)

  assert.deepEqual(await filesNaming(folder), [])
  assert.deepEqual(await filesNaming(redisFolder), [])
  assert.deepEqual(await filesNaming(redisFolder, key), [])
  await serving.refresh()
  const unknown = await call(known, {
    headers: { 'if-none-match': String(before.headers['etag']) },
  })
  assert.deepEqual([unknown.status, unknown.body.basis], [200, 'movie-bias'])
  assert.equal((await call('GET /v1/users/other-3/predictions/m7')).body.rating, other)

  await put(erased, 'm9', 5)
  await call('POST /v1/ratings/import', { payload: `userId,movieId,rating\n${erased},m8,5\n` })
  const { ratings } = await loadRatings(store)
  const own = ratings.userIndex.filter((user) => ratings.users.idOf(user) === erased)
  assert.equal(own.length, 1, 'what was imported since counts')
  assert.equal((await listReceipts(store)).length, 1)
})
