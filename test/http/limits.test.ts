import assert from 'node:assert/strict'
import { after, type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { fixedKeys, keysOfEnvironment } from '../../src/http/keys/api-keys.ts'
import { noLimits } from '../../src/http/keys/limits.ts'
import { createRequestCounts } from '../../src/http/keys/request-counts.ts'
import { signToken } from '../../src/http/keys/user-tokens.ts'
import { openSharedCounts } from '../../src/redis/shared-counts.ts'
import { apiKeys, keyEntries, keys, openApp, sha256, tokenSecret } from '../support/app.ts'
import { keptLog } from '../support/bench.ts'
import { startRedis } from '../support/redis.ts'

const server = await startRedis()
after(() => server.stop())
const start = Date.parse('2030-01-01T00:00:00Z')

/** A clock that only the test moves. */
function stoppedClock(t: TestContext) {
  t.mock.timers.enable({ apis: ['Date'], now: start })
  return t.mock.timers
}

test('of any requests no minute of the clock has more than the limit, and who waits as told is let in', (t) => {
  const clock = stoppedClock(t)
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 20 }),
      fc.array(fc.integer({ min: 0, max: 20_000 }), { maxLength: 100 }),
      (limit, pauses) => {
        const counts = createRequestCounts()
        const taken = new Map<number, number>()
        let now = start
        const moveTo = (time: number) => {
          now = time
          clock.setTime(now)
        }
        const take = () => {
          const wait = counts.take('ana', limit)
          const minute = Math.floor(now / 60_000)
          if (wait === 0) taken.set(minute, (taken.get(minute) ?? 0) + 1)
          return wait
        }
        for (const pause of pauses) {
          moveTo(now + pause)
          const wait = take()
          assert.ok(wait <= 120_000)
          if (wait > 2) {
            moveTo(now + wait - 2)
            assert.ok(take() > 0)
            moveTo(now + 2)
            assert.equal(take(), 0)
          }
        }
        assert.ok(Math.max(0, ...taken.values()) <= limit)
      },
    ),
  )
})

test('a key that sends more than its role may is told when to come again, and no other', async (t) => {
  const clock = stoppedClock(t)
  const { call, lines } = await openApp(t, { apiKeys, keyLimits: { ...noLimits, read: 5 } })
  const ask = (key: string, target = 'GET /v1/movies') =>
    call(target, { headers: { 'x-api-key': key } })
  for (let i = 0; i < 5; i++) assert.equal((await ask(keys.read)).status, 200)
  lines.length = 0
  for (let i = 0; i < 9; i++) {
    const { status, headers, body } = await ask(keys.read)
    assert.deepEqual([status, body.code], [429, 'too-many-requests'])
    assert.equal(body.instance, `#${headers['x-request-id']}`)
    assert.equal(headers['retry-after'], '72')
  }
  const told = lines.filter(({ level }) => Number(level) > 20)
  assert.deepEqual(
    told.map(({ msg, by, limit }) => [msg, by, limit]),
    [['A key sends more than it may.', apiKeys.find(keys.read)!.name, 5]],
  )
  for (const target of ['GET /health/live', 'GET /health/ready?for=writes', 'GET /openapi.json'])
    assert.notEqual((await ask(keys.read, target)).status, 429)
  for (const key of [keys.write, keys.admin])
    for (let i = 0; i < 9; i++) assert.equal((await ask(key)).status, 200)
  clock.tick(72_000)
  assert.equal((await ask(keys.read)).status, 200)
})

test("a key's own limit is in place of that of its role", async (t) => {
  const shared = { name: 'ana', role: 'read', expires: null } as const
  const ringOf = fixedKeys([
    { ...shared, sha256: sha256('old'), limit: 2 },
    { ...shared, sha256: sha256('new'), limit: 2 },
    { ...shared, name: 'bob', sha256: sha256('bob'), limit: 3 },
  ])
  const { call } = await openApp(t, { apiKeys: ringOf, keyLimits: { ...noLimits, read: 1 } })
  const statuses = async (...sent: string[]) => {
    const got: number[] = []
    for (const key of sent)
      got.push((await call('GET /v1/movies', { headers: { 'x-api-key': key } })).status)
    return got
  }
  assert.deepEqual(await statuses('bob', 'bob', 'bob', 'bob'), [200, 200, 200, 429])
  assert.deepEqual(await statuses('old', 'new', 'old', 'new'), [200, 200, 429, 429])
})

test('each user may send so many requests, however many tokens they have, and no other is held up', async (t) => {
  const clock = stoppedClock(t)
  const shared = { ...tokenSecret, name: 'other', secret: 'o'.repeat(40) }
  const old = { ...tokenSecret, name: 'old', secret: 'x'.repeat(40), expires: start }
  const secrets = [old, { ...tokenSecret, limit: 3 }, shared]
  const ring = fixedKeys(keysOfEnvironment(keyEntries), secrets)
  const keyLimits = { ...noLimits, user: 2, wrongKeys: 4 }
  const { call, lines } = await openApp(t, { apiKeys: ring, keyLimits })
  const statuses = async (...sent: string[]) => {
    const got: number[] = []
    for (const token of sent)
      got.push(
        (await call('GET /v1/movies', { headers: { authorization: `Bearer ${token}` } })).status,
      )
    return got
  }
  const of = (user: string, secret = tokenSecret, seconds = 3_600) =>
    signToken(secret, { user, seconds, scopes: [] })
  const [ana, again] = [await of('ana'), await of('ana', tokenSecret, 60)]
  const [bob, cid] = [await of('bob', shared), await of('read:1')]
  assert.deepEqual(await statuses(ana, again, ana, again, ana), [200, 200, 200, 429, 429])
  assert.deepEqual(await statuses(bob, bob, bob, cid), [200, 200, 429, 200])
  assert.deepEqual(await statuses(keys.public, keys.public, keys.public, keys.public), [
    ...[200, 200, 200, 200],
  ])
  const told = lines.filter(({ level }) => level === 40)
  assert.deepEqual(
    told.map(({ msg, by, user, limit }) => [msg, by, user, limit]),
    [
      ['A user sends more than it may.', 'shop', 'ana', 3],
      ['A user sends more than it may.', 'other', 'bob', 2],
    ],
  )
  // What was good and has expired is no guess; what nobody here has signed is one.
  clock.tick(90_000)
  assert.deepEqual(await statuses(...Array(6).fill(again)), Array(6).fill(401))
  assert.deepEqual(await statuses(...Array(6).fill(await of('ana', old))), Array(6).fill(401))
  const forged = `${ana.slice(0, ana.lastIndexOf('.'))}.AAAA`
  assert.deepEqual(await statuses(...Array(6).fill(forged)), [401, 401, 401, 401, 429, 429])
  assert.deepEqual(await statuses(ana, again), [200, 401])
})

test('wrong keys are refused by network, and from any network good ones are let in', async (t) => {
  const clock = stoppedClock(t)
  const ring = fixedKeys([
    ...keysOfEnvironment(keyEntries),
    { name: 'old', role: 'read', sha256: sha256('old'), expires: 1, limit: null },
  ])
  const { call, lines } = await openApp(t, {
    apiKeys: ring,
    keyLimits: { ...noLimits, wrongKeys: 4 },
  })
  const ask = (remoteAddress: string, key?: string) =>
    call('GET /v1/movies', { remoteAddress, headers: key ? { 'x-api-key': key } : {} })
  for (const [host, key] of ['guess', 'guess', 'old', 'another'].entries())
    assert.equal((await ask(`2001:db8::${host + 1}`, key)).status, 401)
  const refused = [
    await ask('2001:db8:0:0:ffff::9', 'guess'),
    await ask('2001:db8::7', 'another'),
    await ask('2001:db8::1', 'old'),
  ]
  const seen = refused.map(({ status, headers, body: { instance: _, ...body } }) => {
    return { status, body, retryAfter: headers['retry-after'] }
  })
  assert.deepEqual([seen[0]!.status, seen[0]!.body.code], [429, 'too-many-wrong-keys'])
  for (const other of seen) assert.deepEqual(other, seen[0])
  for (const key of [keys.read, keys.write, keys.admin])
    assert.equal((await ask('2001:db8::7', key)).status, 200)
  assert.equal((await ask('2001:db8::1')).status, 401)
  assert.equal((await ask('2001:db8:0:1::1', 'guess')).status, 401)
  const warned = lines.filter(({ level }) => level === 40)
  assert.equal(warned.length, 1)
  assert.doesNotMatch(JSON.stringify(lines), /guess|key-[prwa]/)
  clock.tick(Number(seen[0]!.retryAfter) * 1_000)
  assert.equal((await ask('2001:db8::7', 'guess')).status, 401)
})

test('processes count together through Redis, and each for itself while it is away', async (t) => {
  const { logger } = keptLog()
  const settings = { redisUrl: server.url, prefix: 'test-limits', logger }
  const [here, there] = [0, 1].map(() => createRequestCounts(openSharedCounts(settings)))
  t.after(() => {
    here!.close()
    there!.close()
  })
  const limit = 1_000
  /** Until a process knows of so many. */
  const knows = async (counts: typeof here, sent: number) => {
    while (counts!.take('ana', sent) === 0) await sleep(20)
  }
  for (let i = 0; i < 100; i++) assert.equal(here!.take('ana', limit), 0)
  await knows(there, 101)
  await server.kill()
  for (let i = 0; i < 100; i++) assert.equal(here!.take('ana', limit), 0)
  assert.ok(here!.take('ana', 200) > 0)
  await server.restart()
  await knows(there, 300)
})
