import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { Queue } from 'bullmq'
import { frames } from '../../src/http/out/event-stream.ts'
import { queueName } from '../../src/queue/job-keys.ts'
import { followEvents } from '../../src/queue/producer/follow-events.ts'
import { JobFollower } from '../../src/queue/producer/job-follower.ts'
import { createJobRecords } from '../../src/queue/producer/job-records.ts'
import { redisOfFile } from '../support/redis.ts'
import { ended, openBench, queued } from './queue-bench.ts'
import { stubSpec } from './stub-trainings.ts'

const { server, redis } = await redisOfFile()

test('a client may go after any event of a job, which then nobody follows', async (t) => {
  const { prefix, queue: jobs, startWorker } = await openBench(t, server.url)
  await startWorker()
  const { id } = await queued(jobs.add(stubSpec('steady'), 'v'))
  await ended(jobs, id)

  const queue = new Queue(queueName, { connection: redis, prefix })
  t.after(() => queue.close())
  const real = new JobFollower(redis, prefix, createJobRecords(queue, redis, prefix))
  t.after(() => real.close())
  let followers = 0
  const follower = {
    follow(job: string) {
      const followed = real.follow(job)
      followers += 1
      const leave = () => {
        followers -= 1
        followed.leave()
      }
      return { ...followed, leave }
    },
  }
  /** Takes so many frames, if there are as many, and goes. */
  const take = async (most: number) => {
    const going = new AbortController()
    const { signal } = going
    const stream = frames(followEvents(follower, id, { signal }), 60_000, signal)
    let taken = 0
    while (taken < most && !(await stream.next()).done) taken += 1
    going.abort()
    await stream.return(undefined)
    await nextTurn()
    return taken
  }
  const all = await take(Number.POSITIVE_INFINITY)
  assert.ok(all > 5)
  for (let most = 0; most <= all; most++) {
    assert.equal(await take(most), most)
    assert.equal(followers, 0, `after ${most} of ${all}`)
  }
})
