// Takes more than 15 s: a cluster, a Sentinel with two servers and a guarded one are started, each is
// used with a worker and training processes of its own, and of two a server is killed.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { openTrainingQueue } from '../../src/queue/producer/training-queue.ts'
import { faultOf } from '../../src/redis/faults.ts'
import { findRedis } from '../../src/redis/find-redis.ts'
import { ended, logger, queued, until } from '../queue/queue-bench.ts'
import { stubSpec } from '../queue/stub-trainings.ts'
import { ask, startCluster, startGuarded, startSentinel } from './kinds.ts'
import { type All, openAll, rated, useAll } from './scenario.ts'

const prefix = 'films'

test('one server: over TLS, as a user with a password, through a socket', async (t) => {
  const { server, ...kinds } = await startGuarded(prefix)
  const isOfTls = (error: unknown) => faultOf(error).code === 'TLS'
  await assert.rejects(findRedis({ redisUrl: kinds.tls.redisUrl, prefix }), isOfTls)
  for (const [kind, settings] of Object.entries(kinds))
    await t.test(kind, async (t) => {
      const all = await openAll(t, { ...settings, prefix })
      assert.equal(all.settings.prefix, prefix)
      await useAll(all)
      const keys = await ask(server.port, async (redis) => {
        const keys = await redis.keys('*')
        await redis.flushall()
        return keys
      })
      assert.ok(keys.length > 5)
      assert.deepEqual(
        keys.filter((key) => !key.startsWith(`${prefix}:`)),
        [],
      )
    })
})

test('the master that Sentinels name; after its death the next one, with what it was told', async (t) => {
  const { redisUrl, master, replica, killMaster } = await startSentinel()
  const all = await openAll(t, { redisUrl, prefix })
  await useAll(all)
  const told = await tell(all, 'before', 100)
  // A write of the same connection that a replica has says that it has all that came before it.
  await ask(master.port, async (redis) => {
    await redis.set(`${prefix}:marker`, '1')
    assert.equal(await redis.wait(1, 10_000), 1)
  })
  await killMaster()
  const [first, ...refused] = await untilTold(all, 'after')
  await assertHeld(all, [...told, first!])
  assert.ok(refused.length > 0)
  for (const reason of refused)
    assert.match(reason, /Redis (cannot be reached|gave no answer|is|became)/)
  assert.match(await ask(replica.port, (redis) => redis.info('replication')), /role:master/)
  await assertTrains(all)
})

test('a cluster: all keys are on one node, under a prefix in braces; it may be restarted', async (t) => {
  const { redisUrl, nodes, ownerOf } = await startCluster()
  const all = await openAll(t, { redisUrl, prefix })
  assert.equal(all.settings.prefix, `{${prefix}}`)
  await useAll(all)
  const owner = await ownerOf(all.settings.prefix)
  for (const { port } of nodes) {
    const keys = await ask(port, (redis) => redis.keys('*'))
    assert.equal(keys.length > 5, port === owner.port)
    for (const key of keys) assert.ok(key.startsWith(`{${prefix}}:`), key)
  }

  const told = await tell(all, 'before', 100)
  await owner.kill()
  await assert.rejects(all.live.append([rated('nobody')]), /Redis cannot be reached/)
  await owner.restart()
  const [first] = await untilTold(all, 'after')
  await assertHeld(all, [...told, first!])
  await assertTrains(all)
})

test('a cluster that does not say that it is one is told apart by what it refuses', async (t) => {
  const { redisUrl, nodes } = await startCluster(1)
  await ask(nodes[0]!.port, (redis) =>
    redis.acl('SETUSER', 'blind', 'on', '>x', '~*', '+@all', '-info', '-cluster'),
  )
  const blind = redisUrl.replace('//', '//blind:x@')
  const settings = await findRedis({ redisUrl: blind, prefix })
  assert.equal(settings.prefix, prefix)
  const queue = await openTrainingQueue({ ...settings, attempts: 1, logger })
  t.after(() => queue.close())
  await assert.rejects(queue.add(stubSpec('steady'), 'v'), (error: Error) => {
    assert.match(error.message, /put MARQUEE_QUEUE_PREFIX in braces, as in \{marquee\}/)
    return !/cannot be reached/.test(error.message)
  })
})

/** Tells ratings of as many users; their ids. */
async function tell({ live }: All, name: string, count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, (_, i) => `${name}-${i}`)
  for (const id of ids) await live.append([rated(id)])
  return ids
}

/** Tells ratings until one is taken; its user, and why those before it were not. */
async function untilTold({ live }: All, name: string): Promise<string[]> {
  const refused: string[] = []
  for (let i = 0; ; i++)
    try {
      await live.append([rated(`${name}-${i}`)])
      return [`${name}-${i}`, ...refused]
    } catch (error) {
      refused.push((error as Error).message)
      await sleep(100)
    }
}

/** A job completes, once the queue's own connection has found its way back, too. */
async function assertTrains({ queue }: All): Promise<void> {
  const add = () => queued(queue.add(stubSpec('steady', { factors: 7 }), 'v'))
  let job = await add().catch(() => null)
  for (; job === null; job = await add().catch(() => null)) await sleep(100)
  assert.equal((await ended(queue, job.id)).state, 'completed')
}

/** All of them are in the log, and the follower has each once. */
async function assertHeld({ events }: All, users: readonly string[]): Promise<void> {
  const has = (user: string) => events.filter((event) => 'userId' in event && event.userId === user)
  await until(() => users.every((user) => has(user).length > 0), 'all ratings are there')
  for (const user of users) assert.equal(has(user).length, 1)
  assert.deepEqual(
    events.map(({ seq }) => seq),
    events.map((_, i) => events[0]!.seq + i),
  )
}
