import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { Queue, Worker } from 'bullmq'
import { Redis } from 'ioredis'
import { queueName } from '../../src/queue/job-keys.ts'
import { newJobId } from '../../src/queue/producer/job-identity.ts'
import { jobParts } from '../../src/queue/worker/parts/job-parts.ts'
import { redisOfFile } from '../support/redis.ts'

const { server } = await redisOfFile()
const redis = new Redis(server.url, { maxRetriesPerRequest: null })
const options = { connection: redis, prefix: 'test-parts' }
const queue = new Queue(queueName, options)
const worker = new Worker(queueName, null, options)
after(async () => {
  await Promise.all([worker.close(), queue.close()])
  redis.disconnect()
})

/** Collects two parts of a job, whose ends come after they are queued and before it waits for them. */
async function collected(ends: readonly ('done' | 'failed')[]) {
  const id = newJobId()
  await queue.add('whole', {}, { jobId: id })
  await worker.getNextJob('whole')
  const set = redis.set
  redis.set = (async (...asked: Parameters<typeof set>) => {
    redis.set = set
    for (const end of ends) {
      const part = (await worker.getNextJob('part'))!
      if (end === 'done') await part.moveToCompleted(part.data.task, 'part', false)
      else await part.moveToFailed(new Error('It broke.'), 'part', false)
    }
    return redis.set(...asked)
  }) as typeof set
  const parts = ends.map((_, task) => ({ part: `${task}`, unit: 'parts', total: 2, base: 1, task }))
  return jobParts(redis, options.prefix, { id, token: 'whole' }).collect(parts)
}

test('parts that end before the job waits for them are all there', async () => {
  assert.deepEqual([...(await collected(['done', 'done'])).values()].sort(), [0, 1])
})

test('of a part that fails before the job waits for it the job says why', async () => {
  await assert.rejects(collected(['done', 'failed']), {
    name: 'UnrecoverableError',
    message: 'It broke.',
  })
})
