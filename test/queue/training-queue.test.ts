import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Worker } from 'bullmq'
import { jobKeys, queueName } from '../../src/queue/job-keys.ts'
import { jobRequestSchema } from '../../src/queue/job-request.ts'
import { jobSchema, type TrainingJob } from '../../src/queue/job-schema.ts'
import { newJobId } from '../../src/queue/producer/job-identity.ts'
import type { JobPlace } from '../../src/queue/producer/job-order.ts'
import { openTrainingQueue } from '../../src/queue/producer/training-queue.ts'
import { beginAttempt } from '../../src/queue/worker/attempt.ts'
import { redisOfFile } from '../support/redis.ts'
import { ended, eventsToTheEnd, hasCode, logger, openBench, queued, until } from './queue-bench.ts'
import { stubReport, stubSpec } from './stub-trainings.ts'

const { server, redis } = await redisOfFile()

test('a job that was queued is found and listed, newest first', async (t) => {
  const { queue } = await openBench(t, server.url)
  const ids: string[] = []
  for (const factors of [1, 2, 3])
    ids.unshift((await queued(queue.add(stubSpec('steady', { factors }), 'v'))).id)
  // No trainings, and newer.
  for (let erasure = 0; erasure < 600; erasure++) await queue.addErasure(`${erasure}`)
  const job = (await queue.find(ids[0]!))!
  assert.deepEqual(jobSchema.parse(job), job)
  assert.equal(job.state, 'queued')
  assert.deepEqual(
    (await queue.list()).jobs.map(({ id }) => id),
    ids,
  )
  assert.deepEqual(
    (await queue.list({ limit: 2 })).jobs.map(({ id }) => id),
    ids.slice(0, 2),
  )
})

test('of two jobs that ask for one input at once only one is queued, and it is that one', async (t) => {
  const { queue } = await openBench(t, server.url)
  const input = newJobId()
  const requests = [1, 2].map((n) =>
    jobRequestSchema.parse({ kind: 'recommend-all', input, list: { n } }),
  )
  const options = { id: input, input: { what: 'users', count: 1 } } as const
  const added = await Promise.all(requests.map((one) => queue.add(one, 'v', null, options)))
  const [job, ...others] = added.flatMap((one) => (one.outcome === 'queued' ? [one.job] : []))
  assert.deepEqual([job, others], [await queue.find(input), []])
  assert.ok(added.some((one) => one.outcome === 'duplicate' && one.id === input))
})

test('of more jobs than a page has each is on one page, in any states, and erasures on none', async (t) => {
  const { queue, prefix } = await openBench(t, server.url)
  const ids: string[] = []
  const all = 130
  for (let factors = 1; factors <= all; factors++)
    ids.unshift((await queued(queue.add(stubSpec('steady', { factors }), 'v'))).id)
  for (let erasure = 0; erasure < 200; erasure++) await queue.addErasure(`${erasure}`)
  const [newest, oldest] = [ids[0]!, ids.at(-1)!]
  for (const id of [newest, oldest]) await queue.cancel(id)
  // As a worker leaves them: the oldest but one runs, and one has ended.
  const [running, completed, cancelled] = [ids.at(-2)!, ids.at(-3)!, ids.at(-4)!]
  for (const id of [running, completed, cancelled])
    await redis.zrem(`${prefix}:training:prioritized`, id)
  await redis.lpush(`${prefix}:training:active`, running)
  await redis.zadd(`${prefix}:training:completed`, 1, completed)
  await redis.zadd(`${prefix}:training:failed`, 1, cancelled)
  const ended = { finishedOn: 1, failedReason: 'cancelled: An admin cancelled the job.' }
  await redis.hset(jobKeys(prefix, cancelled).job, ended)
  const pages = async (limit: number, states?: TrainingJob['state'][]) => {
    const seen: string[] = []
    for (let after: JobPlace | undefined; ; ) {
      const { jobs, next } = await queue.list({ limit, after, ...(states && { states }) })
      assert.ok(jobs.length <= limit)
      seen.push(...jobs.map(({ id }) => id))
      if (next === null) return seen
      after = next
    }
  }
  assert.deepEqual(await pages(50), ids)
  assert.deepEqual(await pages(all), ids)
  assert.deepEqual(await pages(1, ['running']), [running])
  assert.deepEqual(await pages(50, ['completed', 'running']), [completed, running])
  assert.deepEqual(await pages(2, ['cancelled']), [newest, cancelled, oldest])
  assert.deepEqual(await pages(100, ['queued']), ids.slice(1, -4))
  assert.deepEqual(await pages(50, ['failed']), [])
  // A place outlives its job, and newer ones come before it.
  const { next } = await queue.list({ limit: 10 })
  await redis.zrem(`${prefix}:training:prioritized`, ids[9]!)
  await redis.del(jobKeys(prefix, ids[9]!).job)
  await queued(queue.add(stubSpec('steady', { factors: all + 1 }), 'v'))
  const { jobs } = await queue.list({ limit: 3, after: next! })
  assert.deepEqual(
    jobs.map(({ id }) => id),
    ids.slice(10, 13),
  )
})

test('jobs that are asked for at once are listed in the order in which they were asked for', async (t) => {
  const { queue } = await openBench(t, server.url)
  const adding = Array.from({ length: 40 }, (_, i) =>
    queued(queue.add(stubSpec('steady', { factors: i + 1 }), 'v')),
  )
  const times = (await Promise.all(adding)).map(({ createdAt }) => createdAt)
  assert.equal(new Set(times).size, 40)
  const { jobs } = await queue.list()
  assert.deepEqual(
    jobs.map(({ createdAt }) => createdAt),
    times.toSorted().toReversed(),
  )
})

test('of 50 identical jobs at once one is queued and 49 learn its id', async (t) => {
  const { queue } = await openBench(t, server.url)
  const adding = Array.from({ length: 50 }, () => queue.add(stubSpec('steady'), 'v'))
  const ids = (await Promise.all(adding)).map((added) =>
    added.outcome === 'queued' ? `new ${added.job.id}` : added.id,
  )
  const [id] = (await queue.list()).jobs.map((job) => job.id)
  assert.equal(ids.filter((found) => found === `new ${id}`).length, 1)
  assert.equal(ids.filter((found) => found === id).length, 49)
})

test('jobs wait and are taken by their priority, then their age, behind erasures', async (t) => {
  const { prefix, queue } = await openBench(t, server.url)
  const asked = [undefined, 9, 1, 5, 2, 1]
  const jobs: TrainingJob[] = []
  for (const [i, priority] of asked.entries()) {
    const spec = stubSpec('steady', { factors: i + 1 })
    jobs.push(await queued(queue.add({ ...spec, ...(priority && { priority }) }, 'v')))
  }
  const priorities = asked.map((priority) => priority ?? 5)
  assert.deepEqual(
    jobs.map(({ priority }) => priority),
    priorities,
  )
  // Nor is the same job another one with another priority.
  const again = await queue.add({ ...stubSpec('steady', { factors: 1 }), priority: 1 }, 'v')
  assert.equal(again.outcome, 'duplicate')
  await queue.addErasure('a')
  const order = [2, 5, 4, 0, 3, 1].map((i) => jobs[i]!.id)
  const places = await Promise.all(order.map(async (id) => (await queue.find(id))!.progress.place))
  assert.deepEqual(places, [2, 3, 4, 5, 6, 7])

  const worker = new Worker(queueName, null, { connection: { url: server.url }, prefix })
  t.after(() => worker.close(true))
  const taken: (string | undefined)[] = []
  for (const _ of [...order, 'erase-a']) taken.push((await worker.getNextJob('t'))?.id)
  assert.deepEqual(taken, ['erase-a', ...order])
})

test('of more jobs than may wait none is queued, and erasures and parts are no jobs', async (t) => {
  const { prefix, queue } = await openBench(t, server.url)
  const bounded = await openTrainingQueue({
    ...{ redisUrl: server.url, prefix, attempts: 1, mostQueued: 2, logger },
  })
  t.after(() => bounded.close())
  for (const erasure of ['a', 'b']) await queue.addErasure(erasure)
  // As parts are that wait for a worker with their engine.
  await redis.zadd(`${prefix}:training:delayed`, Number.MAX_SAFE_INTEGER, 'part-a', 1e15, 'part-b')
  for (const factors of [1, 2]) await queued(bounded.add(stubSpec('steady', { factors }), 'v'))
  const more = () => bounded.add(stubSpec('steady', { factors: 3 }), 'v')
  await assert.rejects(more(), hasCode('too-many-jobs'))
  assert.equal((await queue.list()).jobs.length, 2)
})

test('another spec or other ratings make another job', async (t) => {
  const { queue } = await openBench(t, server.url)
  await queued(queue.add(stubSpec('steady'), 'v'))
  await queued(queue.add(stubSpec('steady'), 'w'))
  await queued(queue.add(stubSpec('steady', { factors: 9 }), 'v'))
  assert.equal((await queue.list()).jobs.length, 3)
})

test('jobs for the same users are identical, and no hash of them can be guessed', async (t) => {
  const { prefix, queue } = await openBench(t, server.url)
  const batchFor = (...users: string[]) => jobRequestSchema.parse({ kind: 'recommend-all', users })
  const { id, spec } = await queued(queue.add(batchFor('ann', 'bob'), 'v'))
  assert.deepEqual(Object(spec).asked, { what: 'users', count: 2 })
  assert.deepEqual(await queue.add(batchFor('ann', 'bob'), 'v'), { outcome: 'duplicate', id })
  await queued(queue.add(batchFor('ann', 'cid'), 'v'))
  const first = await redis.hget(jobKeys(prefix, id).job, 'deid')
  assert.ok(first)
  // Once the key is forgotten, the same has another name.
  assert.ok((await redis.ttl(`${prefix}:asked-key`)) > 0)
  await redis.del(`${prefix}:asked-key`)
  const anew = await queued(queue.add(batchFor('ann', 'bob'), 'v'))
  assert.notEqual(await redis.hget(jobKeys(prefix, anew.id).job, 'deid'), first)
})

test('a cancelled job says so at once and for good, and leaves room for the same again', async (t) => {
  const { queue, startWorker, registry } = await openBench(t, server.url)
  const { id } = await queued(queue.add(stubSpec('steady'), 'v'))
  assert.equal(await queue.cancel(id), 'cancelled')
  const { state, finishedAt, error, model } = (await queue.find(id))!
  assert.deepEqual([state, error, model], ['cancelled', null, null])
  assert.ok(finishedAt !== null)
  assert.deepEqual(
    (await eventsToTheEnd(queue, id)).map(({ data }) => data),
    [{ state: 'cancelled' }],
  )
  assert.equal(await queue.cancel(id), 'cancelled')

  const again = await queued(queue.add(stubSpec('steady'), 'v'))
  await startWorker()
  assert.equal((await ended(queue, again.id)).state, 'completed')
  assert.equal((await queue.find(id))!.state, 'cancelled')
  assert.deepEqual(
    (await queue.list()).jobs.map((job) => job.state),
    ['completed', 'cancelled'],
  )
  assert.deepEqual(
    (await registry.list()).map(({ jobId }) => jobId),
    [again.id],
  )
})

test('what is no job of this queue is unknown, whatever it looks like', async (t) => {
  const { queue } = await openBench(t, server.url)
  await queued(queue.add(stubSpec('steady'), 'v'))
  for (const id of ['job-000000000000000000000000', 'meta', 'wait', '', '../x', 'a:b', '1']) {
    assert.equal(await queue.find(id), null)
    assert.equal(await queue.cancel(id), 'unknown')
    await assert.rejects(eventsToTheEnd(queue, id), hasCode('unknown-job'))
  }
})

test('events are replayed after the one that was seen last, then followed to the end', async (t) => {
  const { queue, prefix } = await openBench(t, server.url)
  const { id } = await queued(queue.add(stubSpec('steady'), 'v'))
  const keys = jobKeys(prefix, id)
  await redis.set(keys.lock, 'token')
  const attempt = await beginAttempt(redis, keys, 'token')
  if (typeof attempt === 'string') assert.fail(attempt)
  await attempt.report(stubReport(1))
  await attempt.report(stubReport(2))

  const read = async (after: string | undefined, enough: number) => {
    const stop = new AbortController()
    const seen: [string, string][] = []
    for await (const { id: event, type } of queue.events(id, { after, signal: stop.signal })) {
      if (event === null) continue
      seen.push([event, type])
      if (seen.length === enough) stop.abort()
    }
    return seen
  }
  const all = await read(undefined, 3)
  assert.deepEqual(
    all.map(([, type]) => type),
    ['started', 'epoch', 'epoch'],
  )
  assert.deepEqual(await read(all[0]![0], 2), all.slice(1))
  assert.deepEqual(await read('not an id', 3), all)
  assert.deepEqual(await read('999999999999999-0', 3), all)

  const following = read(all[2]![0], 9)
  await attempt.report(stubReport(3))
  await queue.cancel(id)
  const rest = await following
  assert.deepEqual(
    rest.map(([, type]) => type),
    ['epoch', 'ended'],
  )
  assert.deepEqual(await read(rest[1]![0], 9), [])
})

test('however many follow jobs, Redis is asked the same few questions for all of them', async (t) => {
  const { queue } = await openBench(t, server.url)
  const jobs = await Promise.all(
    [1, 2].map((factors) => queued(queue.add(stubSpec('steady', { factors }), 'v'))),
  )
  const stop = new AbortController()
  const seen = new Set<string>()
  const following = Array.from({ length: 500 }, async (_, i) => {
    const { id } = jobs[i % jobs.length]!
    for await (const { type } of queue.events(id, { signal: stop.signal })) seen.add(`${i} ${type}`)
  })
  await until(() => seen.size === 500, 'each has seen where its job is')
  const counted = async () => {
    const calls = [...(await redis.info('commandstats')).matchAll(/^cmdstat_(\S+?):calls=(\d+)/gm)]
    const by = new Map(calls.map(([, name, count]) => [name, Number(count)]))
    by.delete('info')
    const commands = [...by.values()].reduce((sum, count) => sum + count, 0)
    return { commands, looks: by.get('xread') ?? 0 }
  }
  const before = await counted()
  let now = before
  await until(async () => {
    now = await counted()
    return now.looks >= before.looks + 5
  }, 'there were five looks')
  stop.abort()
  await Promise.all(following)
  for (const { id } of jobs) await queue.cancel(id)
  const looks = now.looks - before.looks
  assert.ok(now.commands - before.commands <= 5 * (looks + 1), JSON.stringify({ before, now }))
})

test('a hundred readers of one job see the same end, once, over one connection', async (t) => {
  const { queue, prefix, startWorker } = await openBench(t, server.url)
  const { id } = await queued(queue.add(stubSpec('steady', { epochs: 20 }), 'v'))
  const before = await connections()
  const reading = Promise.all(Array.from({ length: 100 }, () => eventsToTheEnd(queue, id)))
  assert.equal(await connections(), before)
  await startWorker()
  const [first, ...others] = await reading
  for (const events of others) assert.deepEqual(events, first)
  assert.equal(first!.filter(({ type }) => type === 'ended').length, 1)
  // Started, the epochs, the gate's decision, ended.
  assert.equal(await redis.xlen(jobKeys(prefix, id).events), 1 + 20 + 1 + 1)
})

async function connections(): Promise<number> {
  return Number(/connected_clients:(\d+)/.exec(await redis.info('clients'))![1])
}
