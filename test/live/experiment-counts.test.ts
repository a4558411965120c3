import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { countOccurrences, type Occurrence } from '../../src/live/experiments/count-script.ts'
import { openExperimentCounts, readTally } from '../../src/live/experiments/experiment-counts.ts'
import { experimentKeys } from '../../src/live/experiments/experiment-keys.ts'
import type { Experiment } from '../../src/model/experiments/experiment.ts'
import { keptLog } from '../support/bench.ts'
import { redisOfFile, startRedis } from '../support/redis.ts'

const day = 86_400
const prefix = 'test-counts'

const { server, redis } = await redisOfFile()

/** Counts under keys of its own with a window of a day; gives what the control has then. */
function counting() {
  const keys = experimentKeys(prefix, randomBytes(4).toString('hex'))
  const count = countOccurrences(redis)
  return {
    keys,
    async controlAfter(...occurrences: Occurrence[]) {
      await count(keys, 1, occurrences)
      const { lists: _, ...counted } = (await readTally(redis, keys.tally)).control
      return counted
    },
  }
}

const user = { arm: 'control', key: 'a' } as const
const list = (at: number, ...movieIds: string[]) => ({ ...user, at, movieIds })
const rating = (at: number, movieId: string, rating = 4, isConversion = true) => {
  return { ...user, at, movieId, rating, isConversion }
}
const none = { users: 0, converted: 0, conversions: 0, ratings: 0, ratingSum: 0 }
const one = { ...none, users: 1, converted: 1, conversions: 1, ratings: 1, ratingSum: 4 }

test('a rating of a recommended movie within the window after it counts', async () => {
  assert.deepEqual(await counting().controlAfter(list(1_000, 'm'), rating(1_000 + day, 'm')), one)
})

test('one before the list, after the window, or of another movie or user does not', async () => {
  const shown = { ...none, users: 1 }
  for (const other of [
    rating(999, 'm'),
    rating(1_001 + day, 'm'),
    rating(1_000, 'n'),
    { ...rating(1_000, 'm'), key: 'b' },
  ])
    assert.deepEqual(await counting().controlAfter(list(1_000, 'm'), other), shown)
})

test('the newest list that showed it opens the window, also one that is told late', async () => {
  const lists = [list(5_000, 'm'), list(1_000, 'm')]
  assert.deepEqual(await counting().controlAfter(...lists, rating(5_000 + day, 'm')), one)
})

test('a movie counts once for a user, though it is shown and rated again', async () => {
  const again = [rating(1_001, 'm', 2), list(1_002, 'm'), rating(1_003, 'm', 5)]
  assert.deepEqual(
    await counting().controlAfter(list(1_000, 'm'), rating(1_000, 'm'), ...again),
    one,
  )
})

test('a user counts once, however many of their ratings do', async () => {
  const { controlAfter } = counting()
  await controlAfter(list(1_000, 'm', 'n'), rating(1_000, 'm', 4.5))
  assert.deepEqual(await controlAfter(list(1_001, 'o'), rating(1_001, 'n', 3.5)), {
    users: 1,
    converted: 1,
    conversions: 2,
    ratings: 2,
    ratingSum: 8,
  })
})

test('a rating that is no like is told by the mean alone', async () => {
  const disliked = rating(1_000, 'm', 1, false)
  assert.deepEqual(await counting().controlAfter(list(1_000, 'm'), disliked), {
    ...none,
    users: 1,
    ratings: 1,
    ratingSum: 1,
  })
})

test('of a user the newest hundred movies are kept, for a window', async () => {
  const { keys, controlAfter } = counting()
  for (let page = 0; page < 3; page++)
    await controlAfter(list(1_000 + page, ...Array.from({ length: 50 }, (_, i) => `${page}-${i}`)))
  const kept = await redis.zrange(keys.shown('a'), '0', '-1')
  assert.equal(kept.length, 100)
  assert.ok(kept.every((movieId) => !movieId.startsWith('0-')))
  const left = await redis.ttl(keys.shown('a'))
  assert.ok(left > day - 60 && left <= day, `${left}`)
  for (const key of [keys.tally, keys.users]) assert.ok((await redis.ttl(key)) > 60 * day)
})

const experiment: Experiment = {
  ...{ name: 'e', id: 'e1', control: 'm1', treatment: 'm2', share: 0.5, windowDays: 1 },
  ...{ counts: 'ratings', likedFrom: 4, startedAt: '2026-01-01T00:00:00.000Z' },
}

test('what is noted is counted soon, and nothing is left once it is forgotten', async () => {
  const counts = await openExperimentCounts({ redisUrl: server.url, prefix, ...keptLog() })
  // Noted the wrong way round, as of a list that another server showed.
  counts.note(experiment, rating(1_000, 'm'))
  counts.note(experiment, list(1_000, 'm'))
  while ((await counts.tally(experiment)).control.ratings === 0) await sleep(20)
  assert.deepEqual((await counts.tally(experiment)).control, { ...one, lists: 1 })
  await counts.forget(experiment)
  assert.deepEqual(await redis.keys(`${prefix}:experiment:e1:*`), [])
  counts.note(experiment, list(1_000, 'm'))
  await counts.close()
  const { tally } = experimentKeys(prefix, 'e1')
  assert.equal((await readTally(redis, tally)).control.lists, 1, 'closing counts what is left')
})

test('without Redis counts are lost, said once, and nobody waits', async () => {
  const own = await startRedis()
  const { logger, lines } = keptLog()
  const counts = await openExperimentCounts({ redisUrl: own.url, prefix, logger })
  await own.kill()
  const lost = () => lines.filter(({ msg }) => String(msg).includes('is not counted'))
  counts.note(experiment, list(1_000, 'm'))
  while (lost().length === 0) await sleep(20)
  counts.note(experiment, list(1_000, 'm'))
  await assert.rejects(() => counts.tally(experiment), { code: 'log-unavailable' })
  await own.restart()
  const tally = () =>
    counts.tally(experiment).then(
      ({ control }) => control.lists,
      () => 0,
    )
  while ((await tally()) === 0) {
    counts.note(experiment, list(2_000, 'm'))
    await sleep(20)
  }
  assert.equal(lost().length, 1)
  await counts.close()
  await own.stop()
})
