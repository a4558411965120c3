import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { openExperimentCounts } from '../../src/live/experiments/experiment-counts.ts'
import { startCompactor } from '../../src/live/folding/compactor.ts'
import { openLive } from '../../src/live/live.ts'
import type { LiveEvent, LiveListener, NewLiveEvent } from '../../src/live/live-event.ts'
import { openTrainingQueue } from '../../src/queue/producer/training-queue.ts'
import { openSchedules } from '../../src/queue/schedules/schedules.ts'
import { startTickWorker } from '../../src/queue/schedules/tick-worker.ts'
import { startTrainingWorker } from '../../src/queue/worker/worker.ts'
import { findRedis } from '../../src/redis/find-redis.ts'
import type { RedisSettings } from '../../src/redis/options.ts'
import { inFolder } from '../../src/storage/open-store.ts'
import { segmentNames } from '../../src/storage/segments/segment-names.ts'
import { ended, logger, queued, until } from '../queue/queue-bench.ts'
import { everySeconds } from '../queue/schedule-bench.ts'
import { stubSpec } from '../queue/stub-trainings.ts'
import { keptLog, openStore } from '../support/bench.ts'

const processorFile = new URL('../queue/stub-processor.ts', import.meta.url)

/** All that uses Redis, over the Redis that the settings name, as a server and a worker open it. */
export async function openAll(t: TestContext, given: RedisSettings) {
  const settings = await findRedis(given)
  const { store, folder } = await openStore(t)
  const { logger: kept, lines } = keptLog()
  const events: LiveEvent[] = []
  const listener: LiveListener = {
    restart: () => void events.splice(0),
    take: (next) => void events.push(...next),
    stored: async () => {},
    caughtUp: () => {},
  }
  const producer = { ...settings, attempts: 3, logger: kept }
  const queue = await openTrainingQueue(producer)
  const schedules = await openSchedules(producer)
  const live = await openLive({ ...producer, store, listener, lacking: () => [] })
  const counts = await openExperimentCounts(producer)
  const worker = await startTrainingWorker({
    ...{
      ...settings,
      store: inFolder(folder),
      backend: 'wasm',
      lockMs: 2_000,
      logger,
      processorFile,
    },
  })
  const beside = { ...settings, store, lockMs: 2_000, attempts: 2, mostEvents: 1_000, logger }
  const compactor = startCompactor(beside)
  const ticks = startTickWorker(beside)
  t.after(async () => {
    await Promise.all([worker.close(), compactor.close(), ticks.close()])
    await Promise.all([queue, schedules, live, counts].map((one) => one.close()))
  })
  return { settings, store, queue, schedules, live, counts, events, lines }
}
export type All = Awaited<ReturnType<typeof openAll>>

export function rated(userId: string, rating = 4): NewLiveEvent {
  return { type: 'rated', userId, movieId: 'm1', rating, timestamp: 1 }
}

/** A job runs, a rating is told, kept once and folded, a schedule ticks, an experiment is counted. */
export async function useAll(all: All): Promise<void> {
  const { queue, schedules, live, counts, store, events } = all
  await schedules.put('each-second', everySeconds(1))
  const job = await queued(queue.add(stubSpec('steady'), 'v'))

  await live.append([rated('u1')])
  const once = { key: 'k', fingerprint: 'f', answer: 'first' }
  const answers = [await live.appendOnce([rated('u2')], once)]
  answers.push(await live.appendOnce([rated('u2')], { ...once, answer: 'second' }))
  assert.deepEqual(answers, ['first', 'first'])
  await until(() => events.length === 2, 'both ratings have arrived')
  const experiment = { id: 'e1', windowDays: 1 } as Parameters<typeof counts.note>[0]
  const place = { arm: 'control', key: 'u1' } as const
  counts.note(experiment, { ...place, at: 1, movieIds: ['m1', 'm2'] })

  const done = await ended(queue, job.id)
  assert.deepEqual([done.state, done.progress.share, done.attempts], ['completed', 1, 1])
  await until(async () => (await live.unfolded()).length === 0, 'the training has folded them')
  assert.equal((await segmentNames(store, 'ratings')).length, 1)
  await until(async () => (await counts.tally(experiment)).control.lists === 1, 'a list is counted')
  await counts.forget(experiment)
  await until(
    async () => (await schedules.find('each-second')).runs.some(({ job: id }) => id !== null),
    'the schedule has queued a job',
  )
  await schedules.remove('each-second')
  assert.deepEqual(await queue.redis().then(({ isUsable, reasons }) => [isUsable, reasons]), [
    true,
    [],
  ])
}
