import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, type TestContext, test } from 'node:test'
import { Redis } from 'ioredis'
import { foldLive } from '../../src/live/folding/fold.ts'
import { type Live, openLive } from '../../src/live/live.ts'
import type { LiveEvent, NewLiveEvent } from '../../src/live/live-event.ts'
import { liveKeys } from '../../src/live/live-keys.ts'
import { createLiveLog } from '../../src/live/live-log.ts'
import { keptLog, openStore } from '../support/bench.ts'
import { until } from '../support/marquee.ts'
import { startRedis, type TestRedis } from '../support/redis.ts'

let redis: TestRedis
before(async () => {
  redis = await startRedis()
})
after(() => redis.stop())

const rated = (userId: string, rating = 4): NewLiveEvent => {
  return { type: 'rated', userId, movieId: 'm1', rating, timestamp: 1_700_000_000 }
}

/** One or two servers over one log, each with the events that its listener holds. */
async function openLog(t: TestContext, servers = 1) {
  const { store } = await openStore(t)
  const prefix = `test-${randomBytes(6).toString('hex')}`
  const { logger, lines } = keptLog()
  const open = async () => {
    const events: LiveEvent[] = []
    let restarts = 0
    let caughtUp: number[] = []
    const listener = {
      restart() {
        events.length = 0
        caughtUp = []
        restarts += 1
      },
      take: (next: readonly LiveEvent[]) => void events.push(...next),
      async stored() {},
      caughtUp() {
        caughtUp = seqs(events)
      },
    }
    const options = { redisUrl: redis.url, prefix, store, listener, lacking: () => [], logger }
    const live = await openLive(options)
    t.after(() => live.close())
    return { live, events, restarts: () => restarts, caughtUp: () => caughtUp }
  }
  const opened: Awaited<ReturnType<typeof open>>[] = []
  for (let server = 0; server < servers; server++) opened.push(await open())
  const client = new Redis(redis.url)
  client.on('error', () => {})
  t.after(() => client.disconnect())
  return { servers: opened, client, keys: liveKeys(prefix), store, lines, open }
}

const seqs = (events: readonly LiveEvent[]) => events.map(({ seq }) => seq)
const upTo = (last: number) => Array.from({ length: last }, (_, i) => i + 1)

test('events of many calls at once are numbered 1, 2, 3 … and taken in that order by all', async (t) => {
  const { servers } = await openLog(t, 2)
  const [one, other] = servers as [(typeof servers)[0], (typeof servers)[0]]
  const positions = await Promise.all(
    upTo(200).map(async (i) => {
      const { live } = i % 2 ? one : other
      const events = Array.from({ length: 1 + (i % 3) }, (_, k) => rated(`u${i}.${k}`))
      return { position: await live.append(events), user: `u${i}.${events.length - 1}` }
    }),
  )
  const last = positions.reduce((most, { position }) => Math.max(most, position.seq), 0)
  await until(() => one.events.length === last && other.events.length === last)
  assert.deepEqual(seqs(one.events), upTo(last))
  assert.deepEqual(other.events, one.events)
  for (const { position, user } of positions) {
    const event = one.events[position.seq - 1]
    assert.ok(event?.type === 'rated' && event.userId === user)
  }
})

test('what two servers tell in turn is taken once by both, though each takes its own at once', async (t) => {
  const { servers } = await openLog(t, 2)
  const [one, other] = servers as [(typeof servers)[0], (typeof servers)[0]]
  for (const i of upTo(120)) {
    const teller = i % 30 < 15 || i % 2 ? one : other
    const { seq } = await teller.live.append([rated(`u${i}`), rated(`v${i}`)])
    assert.equal(teller.events.at(-1)?.seq, seq)
  }
  await until(() => one.events.length === 240 && other.events.length === 240)
  assert.deepEqual(seqs(one.events), upTo(240))
  assert.deepEqual(other.events, one.events)
  assert.deepEqual([one.restarts(), other.restarts()], [1, 1])
})

test('an append resolves once the own listener has taken it', async (t) => {
  const { servers } = await openLog(t)
  const { live, events } = servers[0]!
  for (const i of upTo(20)) {
    const { seq } = await live.append([rated(`u${i}`)])
    assert.equal(events.at(-1)?.seq, seq)
  }
})

test('the same idempotency key gives the first answer, also to calls at once', async (t) => {
  const { servers } = await openLog(t, 2)
  const once = (fingerprint: string, answer: string) => ({ key: 'k', fingerprint, answer })
  const answers = await Promise.all(
    servers.flatMap(({ live }, i) =>
      upTo(5).map((n) => live.appendOnce([rated('u'), rated('v')], once('f', `${i}.${n}`))),
    ),
  )
  assert.equal(new Set(answers).size, 1)
  assert.equal((await servers[0]!.live.newest())?.seq, 2)
  await assert.rejects(servers[0]!.live.appendOnce([rated('u')], once('g', '')), {
    code: 'idempotency-key-reused',
  })
})

test('an answer kept for no event begins no epoch, nor does one of an earlier release count', async (t) => {
  const { servers, client, keys } = await openLog(t)
  const { live } = servers[0]!
  const once = { key: 'k', fingerprint: 'f', answer: 'none' }
  assert.equal(await live.appendOnce([], once), 'none')
  assert.equal(await client.exists(keys.state), 0)
  await client.hset(keys.state, { epoch: 'old', seq: 0, time: 1 })
  assert.equal(await live.newest(), null)
  assert.deepEqual(await live.append([rated('u')]), { epoch: 'old', seq: 1 })
  assert.equal(await live.appendOnce([], { ...once, key: 'l' }), 'none')
  assert.deepEqual(await live.newest(), { epoch: 'old', seq: 1 })
})

test('a listener is given all again when the stream was trimmed before it had read it', async (t) => {
  const { servers, client, keys, lines } = await openLog(t)
  const { live, events } = servers[0]!
  await live.append([rated('a')])
  // Both in one step, so that the follower sees the second one only.
  const { epoch } = (await live.newest())!
  await client
    .multi()
    .xadd(keys.events, '2-0', epoch, '1 ["r","b","m1",4,1]')
    .xadd(keys.events, '3-0', epoch, '1 ["r","c","m1",4,1]')
    .hset(keys.state, 'seq', 3)
    .xtrim(keys.events, 'MINID', '3-0')
    .exec()
  await until(() => events.at(-1)?.seq === 3)
  assert.deepEqual(seqs(events), [3])
  assert.ok(lines.some(({ msg }) => String(msg).startsWith('Live events are lost')))
  await live.append([rated('d')])
  assert.deepEqual(seqs(events), [3, 4])
})

test('a listener whose newest event was folded and trimmed just goes on after an outage', async (t) => {
  const { servers, client, keys, store } = await openLog(t)
  const { live, events, restarts } = servers[0]!
  await live.append(upTo(3).map((i) => rated(`u${i}`)))
  await foldLive({ redis: client, keys, store, logger: keptLog().logger })
  assert.equal(await client.xlen(keys.events), 0)
  await client.call('CLIENT', 'KILL', 'TYPE', 'normal')
  await until(async () => (await outcome(live)).code === 'taken')
  assert.deepEqual([seqs(events), restarts()], [upTo(4), 1])
})

test('what is given anew takes the place of what was given before once all of it is there', async (t) => {
  const { servers, client, keys, store } = await openLog(t)
  const { live, restarts, caughtUp } = servers[0]!
  await live.append([rated('a'), rated('b')])
  await foldLive({ redis: client, keys, store, logger: keptLog().logger })
  await live.append([rated('c')])
  live.restart()
  await until(() => restarts() === 2 && caughtUp().length > 0)
  assert.deepEqual(caughtUp(), upTo(3))
})

test('an emptied Redis begins another epoch, which the listener follows from its first event', async (t) => {
  const { servers, client } = await openLog(t, 2)
  await servers[0]!.live.append(upTo(3).map((i) => rated(`old${i}`)))
  const old = await servers[0]!.live.newest()
  await client.flushall()
  const { epoch } = await servers[1]!.live.append(upTo(5).map((i) => rated(`new${i}`)))
  assert.notEqual(epoch, old?.epoch)
  for (const { events } of servers) {
    await until(() => events.length === 5)
    assert.ok(events.every((event) => event.epoch === epoch))
  }
})

async function outcome(live: Live): Promise<{ code: string; ms: number }> {
  const begin = performance.now()
  const code = await live.append([rated('u')]).then(
    () => 'taken',
    (error: { code: string }) => error.code,
  )
  return { code, ms: performance.now() - begin }
}

test('what is told while Redis is silent or away is refused, never pending, and all heals', async (t) => {
  const { servers } = await openLog(t)
  const { live, events } = servers[0]!
  await live.append([rated('before')])
  for (const signal of ['SIGSTOP', 'SIGKILL'] as const) {
    await redis.kill(signal)
    const refused = await Promise.all(upTo(3).map(() => outcome(live)))
    assert.deepEqual(
      refused.map(({ code }) => code),
      upTo(3).map(() => 'log-unavailable'),
    )
    if (signal === 'SIGSTOP') await redis.kill('SIGCONT')
    else await redis.restart()
    await until(async () => (await outcome(live)).code === 'taken')
  }
  const { seq } = await live.append([rated('after')])
  assert.deepEqual(seqs(events), upTo(seq))
})

test('where Redis is away, too, nobody waits for the store', async (t) => {
  const client = new Redis({ lazyConnect: true, enableOfflineQueue: false })
  t.after(() => client.disconnect())
  const folded = () => new Promise<never>(() => {})
  const log = createLiveLog(client, liveKeys('none'), { folded, taken: async () => {} })
  await assert.rejects(log.append([rated('u')]), { code: 'log-unavailable' })
  const once = { key: 'a', fingerprint: 'a', answer: 'a' }
  await assert.rejects(log.appendOnce([rated('u')], once), { code: 'log-unavailable' })
})
