import assert from 'node:assert/strict'
import { connect, createServer, type Socket } from 'node:net'
import { type TestContext, test } from 'node:test'
import { Redis } from 'ioredis'
import type { LiveEvent, NewLiveEvent, Told } from '../../src/live/live-event.ts'
import { LiveFollower } from '../../src/live/live-follower.ts'
import { liveKeys } from '../../src/live/live-keys.ts'
import { createLiveLog } from '../../src/live/live-log.ts'
import {
  firstAnswer,
  openFollowerConnection,
  openProducerConnection,
} from '../../src/redis/connections.ts'
import { keptLog, openStore } from '../support/bench.ts'
import { until } from '../support/marquee.ts'
import { startRedis } from '../support/redis.ts'

const rated = (userId: string): NewLiveEvent => {
  return { type: 'rated', userId, movieId: 'm1', rating: 4, timestamp: 1_700_000_000 }
}

/** An address that leads to another port from one moment to the next. */
async function openProxy(t: TestContext, port: number) {
  const sockets = new Set<Socket>()
  let target = port
  const proxy = createServer((socket) => {
    const other = connect(target, '127.0.0.1')
    for (const one of [socket, other]) {
      sockets.add(one)
      one.on('error', () => {})
      one.on('close', () => void (one === socket ? other : socket).destroy())
    }
    socket.pipe(other).pipe(socket)
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  const leadTo = (next: number) => {
    target = next
    for (const socket of sockets) socket.destroy()
  }
  t.after(() => {
    leadTo(1)
    proxy.close()
  })
  return { url: `redis://127.0.0.1:${(proxy.address() as { port: number }).port}`, leadTo }
}

test('who tells to another Redis than it reads has all that the other has once it reads there', async (t) => {
  const { store } = await openStore(t)
  const { logger } = keptLog()
  const [before, after] = [await startRedis(), await startRedis()]
  t.after(() => Promise.all([before.stop(), after.stop()]))
  const proxy = await openProxy(t, before.port)
  const keys = liveKeys('failover')
  const taken: LiveEvent[] = []
  const listener = {
    restart: () => void taken.splice(0),
    take: (events: readonly LiveEvent[]) => void taken.push(...events),
    stored: async () => {},
    caughtUp() {},
  }
  const settings = { redisUrl: proxy.url, prefix: 'failover' }
  const following = openFollowerConnection(settings, logger)
  const follower = new LiveFollower({
    ...{ redis: following, keys, store, listener, lacking: () => [], logger },
  })
  t.after(() => follower.close())
  await follower.start()
  const hooks = { folded: async () => [], taken: (told: Told) => follower.taken(told, 1_000) }
  const logOf = async (redisUrl: string) => {
    const redis = openProducerConnection({ redisUrl, prefix: 'failover' }, logger)
    t.after(() => redis.disconnect())
    await firstAnswer(redis)
    return createLiveLog(redis, keys, hooks)
  }
  const old = await logOf(before.url)
  for (const user of ['a1', 'a2', 'a3', 'a4', 'a5']) await old.append([rated(user)])

  // The new master lacks the last two.
  const [from, to] = [new Redis(before.url), new Redis(after.url)]
  t.after(() => void [from, to].map((redis) => redis.disconnect()))
  for (const [id, fields] of await from.xrange(keys.events, '-', '+', 'COUNT', 3))
    await to.xadd(keys.events, id, ...fields)
  await to.hset(keys.state, { ...(await from.hgetall(keys.state)), seq: '3' })
  const now = await logOf(after.url)
  for (const user of ['b4', 'b5', 'b6', 'b7']) await now.append([rated(user)])

  proxy.leadTo(after.port)
  const users = () => taken.map((event) => 'userId' in event && event.userId).join()
  await until(() => users() === 'a1,a2,a3,b4,b5,b6,b7')
  assert.deepEqual(
    taken.map(({ seq }) => seq),
    [1, 2, 3, 4, 5, 6, 7],
  )
})
