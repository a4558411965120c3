import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { placeOf } from '../../src/model/experiments/assignment.ts'
import type { Arm } from '../../src/model/experiments/experiment.ts'
import { openApp } from '../support/app.ts'
import { dotBiasModel, rankedModel } from '../support/models.ts'
import { startRedis, type TestRedis } from '../support/redis.ts'

let redis: TestRedis
before(async () => {
  redis = await startRedis()
})
after(() => redis.stop())

const share = 0.5
/** Users of the model, and strangers, in this arm of experiment "e". */
function usersIn(arm: Arm, prefix = 'user'): string[] {
  return Array.from({ length: 40 }, (_, i) => `${prefix}${i}`).filter(
    (userId) => placeOf({ name: 'e', share }, userId).arm === arm,
  )
}
const [control] = usersIn('control')
const [treatment, other] = usersIn('treatment')

/** Two models, the second of which serves; with the first as treatment of experiment "e". */
async function openPair(t: TestContext, { isStarted = true, ...body } = {}) {
  const prefix = `test-${randomBytes(6).toString('hex')}`
  const bench = await openApp(t, { redis: { redisUrl: redis.url, prefix } })
  await bench.publish(dotBiasModel({ seed: 2 }), 'm1', 1)
  await bench.publish(rankedModel(), 'm2', 2)
  await bench.importMovies()
  await bench.serving.refresh()
  const put = (name: string, payload: object = {}) =>
    bench.call(`PUT /v1/experiments/${name}`, { payload: { treatment: 'm1', ...payload } })
  if (isStarted) {
    assert.equal((await put('e', body)).status, 200)
    await until(async () => (await bench.call('GET /v1/experiments/e')).body.note === null)
  }
  const list = (userId: string) => bench.call(`GET /v1/users/${userId}/recommendations`)
  const rate = (userId: string, movieId: string, rating: number) =>
    bench.call(`PUT /v1/users/${userId}/ratings/${movieId}`, { payload: { rating } })
  const figures = async () => (await bench.call('GET /v1/experiments/e')).body.figures
  return { ...bench, put, list, rate, figures, prefix }
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let left = 400; left > 0; left--) {
    if (await isSo()) return
    await sleep(25)
  }
  throw new Error('waited in vain')
}

test('every answer for a user comes from their arm and names it', async (t) => {
  const { call } = await openPair(t)
  for (const [userId, arm, model] of [
    [control, 'control', 'm2'],
    [treatment, 'treatment', 'm1'],
  ]) {
    await call(`PUT /v1/users/${userId}/ratings/m1`, { payload: { rating: 5 } })
    const experiment = { name: 'e', arm }
    for (const target of [
      `GET /v1/users/${userId}/recommendations`,
      `GET /v1/users/${userId}/predictions/m3`,
      `GET /v1/users/${userId}/explanations/m3`,
      `GET /v1/users/${userId}/ratings`,
      `GET /v1/users/${userId}/ratings/m1`,
    ]) {
      const { body } = await call(target)
      assert.deepEqual({ model: body.model, experiment: body.experiment }, { model, experiment })
    }
    for (const [target, payload] of [
      ['POST /v1/recommendations', { userId }],
      ['POST /v1/predictions', { userId, movieIds: ['m3'] }],
    ] as const) {
      const { body } = await call(target, { payload })
      assert.deepEqual({ model: body.model, experiment: body.experiment }, { model, experiment })
    }
  }
  const pairs = [control, treatment].map((userId) => ({ userId, movieId: 'm3' }))
  const { body } = await call('POST /v1/predictions', { payload: { pairs } })
  assert.equal(body.experiment, undefined)
  assert.deepEqual(
    body.items.map(({ model, experiment }: { model: string; experiment: object }) => [
      model,
      experiment,
    ]),
    [
      ['m2', { name: 'e', arm: 'control' }],
      ['m1', { name: 'e', arm: 'treatment' }],
    ],
  )
  const users = [
    { userId: treatment },
    { userId: control },
    { ratings: [{ movieId: 'm1', rating: 5 }] },
  ]
  const batch = await call('POST /v1/recommendations/batch', { payload: { users } })
  const lines = batch.text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  assert.deepEqual(
    lines.map(({ model }) => model),
    ['m1', 'm2', 'm2'],
  )
  assert.deepEqual(
    lines.map(({ experiment }) => experiment?.arm),
    ['treatment', 'control', undefined],
  )
})

test('a list has another tag in another arm, and after the end', async (t) => {
  const { call, list } = await openPair(t)
  const before = await list(control!)
  const again = await call(`GET /v1/users/${control}/recommendations`, {
    headers: { 'if-none-match': String(before.headers['etag']) },
  })
  assert.equal(again.status, 304)
  await call('POST /v1/experiments/e/end', { payload: { promote: null } })
  const after = await list(control!)
  assert.equal(after.body.model, 'm2')
  assert.equal(after.body.experiment, undefined)
  assert.notEqual(after.headers['etag'], before.headers['etag'])
})

test('what follows a list is counted in its arm, each rating of a recommended movie once', async (t) => {
  const { call, list, rate, figures } = await openPair(t)
  const shown = (await list(treatment!)).body.items.map(
    ({ movieId }: { movieId: string }) => movieId,
  )
  await list(treatment!)
  await list(other!)
  await list(control!)
  await rate(treatment!, shown[0], 4)
  await rate(treatment!, shown[0], 2)
  const lines = [
    { userId: treatment, movieId: shown[1], rating: 1 },
    { userId: control, movieId: 'x1', rating: 3 },
  ]
  await call('POST /v1/ratings/batch', { payload: lines })
  // A movie that nobody recommended to them.
  await rate('nobody', 'm1', 3)
  await until(async () => (await figures()).treatment.conversions === 2)
  const { control: first, treatment: second, decision } = await figures()
  assert.deepEqual(second, {
    users: 2,
    lists: 3,
    converted: 1,
    conversionRate: 0.5,
    conversions: 2,
    conversionsPerUser: 1,
    meanRating: 2.5,
  })
  assert.deepEqual([first.users, first.lists], [1, 1])
  assert.equal(decision, 'no-difference-shown')
})

test('one experiment runs at a time, and may be asked for again', async (t) => {
  const { call, put } = await openPair(t)
  assert.equal((await put('e')).body.state, 'running')
  const other = await put('f')
  assert.equal(other.status, 409)
  assert.equal(other.body.code, 'experiment-running')
  assert.equal(other.body.experiment, 'e')
  assert.equal((await put('e', { share: 0.1 })).status, 409)
  assert.equal((await call('DELETE /v1/experiments/e')).status, 204)
  assert.equal((await call('GET /v1/experiments/e')).body.code, 'unknown-experiment')
  assert.equal((await put('f')).status, 200)
})

test('the end promotes an arm for everybody and keeps what was shown', async (t) => {
  const { call, list, put, figures } = await openPair(t)
  await list(control!)
  await until(async () => (await figures()).control.users === 1)
  const { body } = await call('POST /v1/experiments/e/end', { payload: { promote: 'treatment' } })
  assert.deepEqual(
    [body.state, body.promoted, body.figures.control.users],
    ['ended', 'treatment', 1],
  )
  const after = await list(control!)
  assert.deepEqual([after.body.model, after.body.experiment], ['m1', undefined])
  assert.deepEqual((await call('GET /v1/experiments')).body.items, [body])
  assert.equal((await put('e', { treatment: 'm2' })).body.code, 'experiment-ended')
  const again = await call('POST /v1/experiments/e/end', { payload: { promote: null } })
  assert.equal(again.body.code, 'experiment-ended')
})

test('a promotion by anybody ends it: all users get what serves', async (t) => {
  const { call, list } = await openPair(t)
  await call('POST /v1/models/m1/promote')
  assert.deepEqual((await list(control!)).body.model, 'm1')
  const { body } = await call('GET /v1/experiments/e')
  assert.deepEqual([body.state, body.promoted], ['ended', 'treatment'])
  assert.equal(body.note, 'Model m1 was made to serve.')
})

test('a treatment that does not exist, or serves already, is refused', async (t) => {
  const { put } = await openPair(t, { isStarted: false })
  assert.equal((await put('e', { treatment: 'm9' })).body.code, 'unknown-model')
  const same = await put('e', { treatment: 'm2' })
  assert.deepEqual(same.body.errors, [
    { pointer: '/body/treatment', detail: 'expected another model than the one that serves' },
  ])
  assert.equal((await put('e', { share: 1 })).status, 400)
  assert.equal((await put('a%20b')).status, 400)
})
