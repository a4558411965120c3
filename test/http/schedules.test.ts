import assert from 'node:assert/strict'
import { after, before, type TestContext, test } from 'node:test'
import { mostSchedules } from '../../src/queue/schedules/schedules.ts'
import { openScheduleBench } from '../queue/schedule-bench.ts'
import { apiKeys, keys, openApp } from '../support/app.ts'
import { startRedis, type TestRedis } from '../support/redis.ts'

let redis: TestRedis
before(async () => {
  redis = await startRedis()
})
after(() => redis.stop())

const training = { algorithm: 'bayes', sweeps: 40 }
const nightly = { cron: '0 3 * * *', timeZone: 'Europe/Berlin', training }

/** The app with a queue, schedules and no worker. */
async function openWithSchedules(t: TestContext) {
  const { queue, schedules } = await openScheduleBench(t, redis.url)
  const bench = await openApp(t, { queue, schedules })
  const put = (name: string, payload: object) =>
    bench.call(`PUT /v1/schedules/${name}`, { payload })
  return { ...bench, queue, put }
}

test('a schedule that is put is shown with its defaults, and its training as it was given', async (t) => {
  const { call, put } = await openWithSchedules(t)
  const { status, body } = await put('nightly', nightly)
  assert.equal(status, 201)
  const { createdAt, changedAt, nextTick, ...rest } = body
  assert.deepEqual(rest, {
    ...{ name: 'nightly', ...nightly, intervalSeconds: null },
    ...{ minNewRatings: 1, maxModelAgeSeconds: null, lastTick: null, runs: [] },
  })
  assert.equal(createdAt, changedAt)
  assert.match(nextTick, /T0[12]:00:00\.000Z$/)
  const { runs: _, ...listed } = body
  assert.deepEqual((await call('GET /v1/schedules')).body, { items: [listed] })
  assert.deepEqual((await call('GET /v1/schedules/nightly')).body, body)
})

test('the same schedule again changes nothing, not its next tick either; another one does', async (t) => {
  const { call, put } = await openWithSchedules(t)
  const often = { intervalSeconds: 3_600, training }
  const first = await put('often', often)
  const again = await put('often', often)
  assert.deepEqual([again.status, again.body], [200, first.body])
  const rarer = await put('often', { ...often, minNewRatings: 9 })
  assert.equal(rarer.status, 200)
  assert.deepEqual(
    [rarer.body.createdAt, rarer.body.nextTick, rarer.body.minNewRatings],
    [first.body.createdAt, first.body.nextTick, 9],
  )
  const cron = await put('often', nightly)
  assert.deepEqual([cron.body.intervalSeconds, cron.body.cron], [null, nightly.cron])
  const { body } = await put('often', often)
  assert.ok(Date.parse(body.nextTick) >= Date.parse(first.body.nextTick))
  assert.equal((await call('GET /v1/schedules')).body.items.length, 1)
})

test('what is wrong with a schedule is said of each field', async (t) => {
  const { call, put } = await openWithSchedules(t)
  const problems = async (payload: object, name = 'x') => {
    const { status, body } = await put(name, payload)
    assert.deepEqual([status, body.code], [400, 'invalid-request'])
    return body.errors.map(({ pointer, detail }: Record<string, string>) => `${pointer}: ${detail}`)
  }
  const only = async (payload: object, expected: RegExp, name?: string) => {
    const [problem, ...others] = await problems(payload, name)
    assert.match(problem, expected)
    assert.deepEqual(others, [])
  }
  await only({ ...nightly, cron: '0 3 * *' }, /^\/cron: expected 5 fields .* there are 4$/)
  await only({ ...nightly, timeZone: 'Europe/Berln' }, /^\/timeZone: .* IANA/)
  await only({ intervalSeconds: 59, training }, /^\/intervalSeconds: /)
  await only({ intervalSeconds: 1e9, training }, /^\/intervalSeconds: /)
  await only({ training }, /^: expected either `cron` or `intervalSeconds`$/)
  await only({ ...nightly, intervalSeconds: 60 }, /^: expected either/)
  await only({ intervalSeconds: 60, timeZone: 'UTC', training }, /^\/timeZone: /)
  await only({ ...nightly, minRatings: 1 }, /^\/minRatings: .*Did you mean minNewRatings\?/)
  await only({ cron: '0 3 * * *' }, /^\/training: /)
  await only({ ...nightly, training: { ...training, sweps: 1 } }, /^\/training\/sweps: .*sweeps\?/)
  await only({ ...nightly, training: { algorithm: 'x' } }, /^\/training\/algorithm: /)
  await only(nightly, /^\/path\/name: expected 1 to 64/, 'No%20Name')
  await only(nightly, /^\/path\/name: /, 'a:b')
  assert.equal((await call('GET /v1/schedules')).body.items.length, 0)
})

test('there are at most 100 schedules, and one that is deleted leaves room', async (t) => {
  const { call, put } = await openWithSchedules(t)
  for (let i = 0; i < mostSchedules; i++) assert.equal((await put(`s${i}`, nightly)).status, 201)
  const { status, body } = await put('one-more', nightly)
  assert.deepEqual([status, body.code], [409, 'too-many-schedules'])
  assert.equal((await put('s0', { ...nightly, minNewRatings: 5 })).status, 200)
  assert.equal((await call('DELETE /v1/schedules/s0')).status, 204)
  assert.equal((await put('one-more', nightly)).status, 201)
})

test('one that is run by hand queues its training, once while that has not ended', async (t) => {
  const { call, put, queue } = await openWithSchedules(t)
  await put('nightly', nightly)
  const run = () => call('POST /v1/schedules/nightly/run')
  assert.equal((await run()).body.code, 'no-ratings')
  await call('POST /v1/ratings/import', { payload: 'userId,movieId,rating\n1,10,4.5\n2,10,3\n' })
  const { status, headers, body } = await run()
  assert.deepEqual(
    [status, headers.location, body.by, body.reason],
    [202, `/v1/training-jobs/${body.job}`, 'request', 'asked'],
  )
  const job = (await call(`GET ${headers.location}`)).body
  assert.deepEqual([job.schedule, job.spec.sweeps, job.spec.factors], ['nightly', 40, 15])
  const again = await run()
  assert.deepEqual(
    [again.status, again.body.code, again.body.jobId],
    [409, 'duplicate-job', body.job],
  )
  await queue.cancel(body.job)
  assert.equal((await run()).status, 202)
  const { lastTick, runs } = (await call('GET /v1/schedules/nightly')).body
  assert.deepEqual([lastTick, runs.length, runs[2]], [null, 3, body])
})

test('a schedule that there is not is a 404, and without Redis all are a 503', async (t) => {
  const { call } = await openWithSchedules(t)
  const away = await openApp(t)
  for (const target of [
    'GET /v1/schedules/x',
    'DELETE /v1/schedules/x',
    'POST /v1/schedules/x/run',
  ]) {
    const { status, body } = await call(target)
    assert.deepEqual([status, body.code], [404, 'unknown-schedule'], target)
    assert.equal((await away.call(target)).body.code, 'queue-unavailable', target)
  }
  assert.equal((await away.call('GET /v1/schedules')).status, 503)
})

test('who may not train may not schedule, but see', async (t) => {
  const { schedules } = await openScheduleBench(t, redis.url)
  const { call } = await openApp(t, { schedules, apiKeys })
  const as = (role: 'read' | 'write' | 'admin') => ({ headers: { 'x-api-key': keys[role] } })
  const put = (role: 'write' | 'admin') =>
    call('PUT /v1/schedules/nightly', { ...as(role), payload: nightly })
  assert.equal((await put('write')).status, 403)
  assert.equal((await put('admin')).status, 201)
  assert.equal((await call('DELETE /v1/schedules/nightly', as('write'))).status, 403)
  assert.equal((await call('POST /v1/schedules/nightly/run', as('write'))).status, 403)
  assert.equal((await call('GET /v1/schedules/nightly', as('read'))).status, 200)
})
