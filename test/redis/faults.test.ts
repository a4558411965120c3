import assert from 'node:assert/strict'
import { after, before, describe, type TestContext, test } from 'node:test'
import { Redis } from 'ioredis'
import { describeRedis, probeRedis } from '../../src/cli/doctor/probe-redis.ts'
import { openLive } from '../../src/live/live.ts'
import { openTrainingQueue } from '../../src/queue/producer/training-queue.ts'
import { faultOf } from '../../src/redis/faults.ts'
import { until } from '../queue/queue-bench.ts'
import { stubSpec } from '../queue/stub-trainings.ts'
import { keptLog, openStore } from '../support/bench.ts'
import { startRedis, type TestRedis } from '../support/redis.ts'
import { rated } from './scenario.ts'

const listener = { restart() {}, take() {}, async stored() {}, caughtUp() {} }
// What loads is slow, and answers meanwhile.
const slow = ['--key-load-delay', '60000', '--loading-process-events-interval-bytes', '1024']

let server: TestRedis
let redis: Redis
before(async () => {
  server = await startRedis([...slow, '--appendonly', 'no'])
  redis = new Redis(server.url)
  redis.on('error', () => {})
  await redis.acl('SETUSER', 'films', 'on', '>secret', '~films:*', '+@all')
})
after(async () => {
  redis.disconnect()
  await server.stop()
})

type Case = { code: string; sentence: RegExp; begin(): Promise<unknown>; end(): Promise<unknown> }

const kill = () => redis.call('CLIENT', 'KILL', 'USER', 'films')
const cases: Case[] = [
  {
    code: 'OOM',
    sentence: /The memory of Redis is full: give it more/,
    begin: () => redis.config('SET', 'maxmemory', 1),
    end: () => redis.config('SET', 'maxmemory', 0),
  },
  {
    code: 'READONLY',
    sentence: /Redis is a replica, which takes no writes: REDIS_URL must name the master/,
    begin: () => redis.replicaof('127.0.0.1', 1),
    end: () => redis.replicaof('NO', 'ONE'),
  },
  {
    code: 'NOPERM',
    sentence: /The Redis user of REDIS_URL may not do this: allow it/,
    begin: () => redis.acl('SETUSER', 'films', '-@scripting'),
    end: () => redis.acl('SETUSER', 'films', '+@scripting'),
  },
  {
    code: 'WRONGPASS',
    sentence: /Redis refuses the user or the password of REDIS_URL: correct them/,
    begin: async () => {
      await redis.acl('SETUSER', 'films', 'resetpass', '>other')
      await kill()
    },
    end: () => redis.acl('SETUSER', 'films', '>secret'),
  },
]

/** A queue and a log over the server, whose lines are kept. */
async function open(redisUrl: string) {
  const { logger, lines } = keptLog()
  const settings = { redisUrl, prefix: 'films', attempts: 1, logger }
  const queue = await openTrainingQueue(settings)
  return { settings, queue, lines }
}

/** As `open`, and a log of live ratings; both are closed after the test. */
async function openBoth(t: TestContext, redisUrl: string) {
  const all = await open(redisUrl)
  const { store } = await openStore(t)
  const live = await openLive({ ...all.settings, store, listener, lacking: () => [] })
  t.after(() => Promise.all([all.queue.close(), live.close()]))
  return { ...all, live }
}

/** Queue, log, state and log lines all say so, and none that Redis cannot be reached. */
async function assertSaid(
  { queue, live, lines }: Awaited<ReturnType<typeof openBoth>>,
  { code, sentence }: Pick<Case, 'code' | 'sentence'>,
): Promise<void> {
  const isSaid = (error: Error) => sentence.test(error.message) && !/reached/.test(error.message)
  await until(async () => {
    const { isUsable, reasons } = await queue.redis()
    return !isUsable && sentence.test(reasons.join())
  }, `the state says ${code}`)
  await assert.rejects(queue.add(stubSpec('steady'), code), isSaid)
  await assert.rejects(live.append([rated('u1')]), isSaid)
  const line = lines.find((line) => line['code'] === code)
  assert.match(String(line?.['reason']), sentence)
}

describe('what Redis refuses with is said, with what to do', { concurrency: false }, () => {
  test('while it is refused, and no longer than that', async (t) => {
    const all = await openBoth(t, server.url.replace('//', '//films:secret@'))
    for (const one of cases) {
      await one.begin()
      await assertSaid(all, one)
      await one.end()
      await until(async () => (await all.queue.redis()).isUsable, `${one.code} is over`)
      await until(() => all.live.append([rated('u1')]).then(...decided), `${one.code} is over`)
    }
  })

  test('from the start', async (t) => {
    await redis.config('SET', 'requirepass', 'secret')
    t.after(() => redis.config('SET', 'requirepass', ''))
    for (const [login, sentence] of [
      ['', /Redis asks for a password: put user and password into REDIS_URL/],
      ['films:wrong@', /Redis refuses the user or the password of REDIS_URL/],
    ] as const) {
      const { queue, lines } = await open(server.url.replace('//', `//${login}`))
      await assert.rejects(queue.list(), sentence)
      await queue.close()
      const line = lines.find(({ msg }) => msg === 'Redis cannot be used.')
      assert.match(String(line?.['reason']), sentence)
    }
  })

  test('while it loads its data', async (t) => {
    const all = await openBoth(t, server.url)
    await redis.mset(Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`k${i}`, noise()])))
    await redis.save()
    const restarted = server.restart()
    await assertSaid(all, { code: 'LOADING', sentence: /Redis is loading its data/ })
    await restarted
    await until(async () => (await all.queue.redis()).isUsable, 'it has loaded')
  })
})

test('what could lose data is a reason, not one against use', async (t) => {
  const { queue } = await open(server.url)
  t.after(() => queue.close())
  const states: unknown[] = []
  for (const [name, value] of [
    ['maxmemory-policy', 'allkeys-lru'],
    ['maxmemory-policy', 'noeviction'],
    ['save', '60 1'],
    ['appendonly', 'yes'],
  ] as const) {
    await redis.config('SET', name, value)
    const { isUsable, reasons, advice } = await queue.redis()
    assert.equal(isUsable, true)
    const doctor = describeRedis(await probeRedis({ redisUrl: server.url, prefix: 'films' }))
    assert.match(doctor, /^Redis:\n {2}ready: Redis [\d.]+, keys begin with films:/)
    for (const line of [...reasons, ...advice]) assert.ok(doctor.includes(line))
    states.push([...reasons, ...advice].map((reason) => /set [\w -]+/.exec(reason)?.[0]))
  }
  assert.deepEqual(states, [
    ['set maxmemory-policy noeviction', 'set appendonly yes'],
    ['set appendonly yes'],
    ['set appendonly yes'],
    [],
  ])
})

test('a Redis that is not there is an answer of the doctor', async () => {
  const report = await probeRedis({ redisUrl: 'redis://127.0.0.1:1', prefix: 'films' })
  assert.equal(describeRedis(report), 'Redis:\n  not usable\n  Redis cannot be reached.')
})

test('a refusal is found wherever the answer or its causes name it', () => {
  for (const message of [
    'OOM command not allowed when used memory > maxmemory.',
    'ERR Error running script: @user_script:1: -OOM command not allowed',
  ]) {
    const error = new Error('It failed.', { cause: new Error(message) })
    assert.equal(faultOf(error).code, 'OOM')
  }
  assert.equal(faultOf(new Error('the BLOOM filter')).code, 'AWAY')
  const refused = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })
  assert.deepEqual(faultOf(refused), {
    ...{ code: 'AWAY', isRefusal: false },
    sentence: 'Redis cannot be reached.',
  })
})

const decided = [() => true, () => false] as const
const noise = () => Array.from({ length: 2_000 }, () => Math.random().toString(36)[2]).join('')
