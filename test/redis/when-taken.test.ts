import assert from 'node:assert/strict'
import { test } from 'node:test'
import { whenTaken } from '../../src/redis/when-taken.ts'
import { until } from '../queue/queue-bench.ts'
import { keptLog } from '../support/bench.ts'
import { redisOfFile } from '../support/redis.ts'

const { redis } = await redisOfFile()

test('what a full Redis refuses is asked again until there is room, and the log says so', async () => {
  const { logger, lines } = keptLog()
  await redis.config('SET', 'maxmemory', '1')
  const answer = whenTaken(() => redis.set('a', '1'), { logger })
  await until(() => lines.length > 0, 'the log says that it waits')
  await redis.config('SET', 'maxmemory', '0')
  assert.equal(await answer, 'OK')
  assert.deepEqual(
    lines.map(({ msg, code }) => [msg, code]),
    [
      ['The job waits for Redis.', 'OOM'],
      ['Redis takes writes again: the job goes on.', undefined],
    ],
  )
})

test('what never passes is thrown, and so is what nobody waits for any more', async () => {
  await redis.set('text', 'x')
  await assert.rejects(
    whenTaken(() => redis.lpush('text', 'y'), {}),
    /WRONGTYPE/,
  )
  await redis.config('SET', 'maxmemory', '1')
  const isOver = () => true
  await assert.rejects(
    whenTaken(() => redis.set('a', '1'), { isOver }),
    /OOM/,
  )
  await redis.config('SET', 'maxmemory', '0')
})
