import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { Redis } from 'ioredis'
import { pino } from 'pino'
import { createFileStore } from '../../src/storage/file-store.ts'
import { watchStore } from '../../src/storage/integrity/store-health.ts'
import { createModelRegistry } from '../../src/storage/model-registry.ts'
import { openBench } from '../queue/queue-bench.ts'
import { openApp } from '../support/app.ts'
import { moviesCsv } from '../support/bench.ts'
import { until } from '../support/marquee.ts'
import { dotBiasModel } from '../support/models.ts'
import { startRedis } from '../support/redis.ts'

const ratingsCsv = 'userId,movieId,rating,timestamp\nu1,m1,4,1\nu2,m2,3,2\n'
type Call = Awaited<ReturnType<typeof openApp>>['call']

async function ready(call: Call, purpose: 'reads' | 'writes' | 'training') {
  const { status, body } = await call(`GET /health/ready?for=${purpose}`)
  return { ...body, answer: [status, body.status] }
}

/** A small file system of its own; null where this process may not mount one. */
async function tmpfs(t: TestContext): Promise<string | null> {
  const folder = await mkdtemp(join(tmpdir(), 'marquee-tmpfs-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', folder], { stdio: 'ignore' })
  } catch {
    await rm(folder, { recursive: true })
    return null
  }
  t.after(async () => {
    execFileSync('umount', ['-l', folder])
    await rm(folder, { recursive: true, force: true })
  })
  return folder
}

/** The app over a store on a disk of its own. */
async function openOn(t: TestContext, folder: string) {
  const store = createFileStore(folder)
  const registry = createModelRegistry(store)
  const options = { store, registry, pollMs: 3_600_000, leastRoom: 0 }
  const health = watchStore({ ...options, logger: pino({ level: 'silent' }) })
  t.after(() => health.close())
  return openApp(t, { store, registry, health })
}

test('a store that is full, then one that is read-only, are told and take nothing', async (t) => {
  const folder = await tmpfs(t)
  if (folder === null) return t.skip('this process may mount nothing')
  const { call } = await openOn(t, folder)
  const send = () => call('POST /v1/movies/import', { payload: moviesCsv })
  assert.equal((await send()).status, 200)

  await writeFile(join(folder, 'filler'), Buffer.alloc(4_000_000)).catch(() => {})
  const full = await send()
  assert.deepEqual([full.status, full.body.code], [507, 'out-of-space'])
  await until(async () => (await ready(call, 'writes')).store === false)
  const { answer, reasons } = await ready(call, 'writes')
  assert.deepEqual(answer, [503, 'unavailable'])
  assert.match(reasons.join(), /The store has no room left/)

  await rm(join(folder, 'filler'))
  assert.equal((await send()).status, 200)
  execFileSync('mount', ['-o', 'remount,ro', folder])
  const fixed = await send()
  assert.deepEqual([fixed.status, fixed.body.code], [503, 'store-read-only'])
  await until(async () => /cannot be written/.test((await ready(call, 'writes')).reasons.join()))
  for (const text of [full.text, fixed.text, JSON.stringify(await ready(call, 'writes'))])
    assert.doesNotMatch(text, new RegExp(folder), 'no path of the server')
  assert.equal((await call('GET /v1/imports')).status, 200, 'reads go on')
})

test('a store with too little room counts as full before it is', async (t) => {
  const { store, registry } = await openApp(t)
  const options = { store, registry, pollMs: 3_600_000, logger: pino({ level: 'silent' }) }
  const health = watchStore({ ...options, leastRoom: Number.MAX_SAFE_INTEGER })
  t.after(() => health.close())
  assert.match(String(await health.fault()), /The store has only \d+ MiB left/)
  assert.deepEqual(await store.list('probe'), [])
})

test('Redis at its memory limit is told, and answers as redis-full', async (t) => {
  const server = await startRedis()
  t.after(() => server.stop())
  const redis = new Redis(server.url)
  t.after(() => redis.disconnect())
  const { queue } = await openBench(t, server.url)
  const { call } = await openApp(t, { queue, redis: { redisUrl: server.url, prefix: 'full' } })
  await call('POST /v1/ratings/import', { payload: ratingsCsv })
  assert.deepEqual((await ready(call, 'training')).answer, [200, 'degraded'])
  await redis.config('SET', 'maxmemory', '1mb')
  const rated = await call('PUT /v1/users/u1/ratings/m1', { payload: { rating: 4 } })
  assert.deepEqual([rated.status, rated.body.code], [503, 'redis-full'])
  const job = await call('POST /v1/training-jobs', { payload: { algorithm: 'dot' } })
  assert.deepEqual([job.status, job.body.code], [503, 'redis-full'])
  for (const purpose of ['writes', 'training'] as const) {
    const { answer, reasons } = await ready(call, purpose)
    assert.deepEqual(answer, [503, 'unavailable'])
    assert.match(reasons.join(), /memory of Redis is full/)
  }
  await redis.config('SET', 'maxmemory', '0')
  assert.deepEqual((await ready(call, 'training')).answer, [200, 'degraded'])
})

test('for training there must be ratings', async (t) => {
  const server = await startRedis()
  t.after(() => server.stop())
  const { queue } = await openBench(t, server.url)
  const { call } = await openApp(t, { queue })
  const { answer, reasons } = await ready(call, 'training')
  assert.deepEqual(answer, [503, 'unavailable'])
  assert.match(reasons.join(), /No ratings have been imported yet/)
})

test('what is damaged is told by readiness and imports until it is whole again', async (t) => {
  const { call, folder, publish, serving, health, store } = await openApp(t)
  await publish(dotBiasModel(), 'v1')
  await publish(dotBiasModel({ seed: 2 }), 'v2', 2)
  await serving.refresh()
  const { body } = await call('POST /v1/ratings/import', { payload: ratingsCsv })
  const keys = [
    `ratings/${body.segment}.segment`,
    'models/v1/card.json',
    'models/v2/model.safetensors',
    'models/v2/report.json',
    'models/current.json',
  ]
  for (const key of keys) {
    const path = join(folder, key)
    const good = await readFile(path)
    const bad = Buffer.from(good)
    bad[bad.length - 4]! ^= 1
    await writeFile(path, bad)
    await health.look()
    const { answer, reasons } = await ready(call, 'reads')
    assert.deepEqual(answer, [200, 'degraded'], key)
    assert.ok(
      reasons.some((one: string) => /cannot be read|Not readable|was refused/.test(one)),
      `${key}: ${reasons}`,
    )
    if (key.startsWith('ratings')) {
      const { damage } = (await call('GET /v1/imports')).body.items[0]
      assert.match(damage, /Its checksum does not match/)
    }
    await writeFile(path, good)
    await health.look()
    assert.deepEqual((await ready(call, 'reads')).reasons, ['Redis cannot be reached.'], key)
  }
  await store.put(`quarantine/${keys[0]}`, [(await store.get(keys[0]!))!])
  await store.remove(keys[0]!)
  assert.match((await call(`GET /v1/imports/${body.segment}`)).body.damage, /moved to quarantine/)
  assert.equal((await call(`DELETE /v1/imports/${body.segment}`)).status, 200)
  assert.deepEqual((await call('GET /v1/imports')).body.items, [])
})
