import type { TestContext } from 'node:test'
import type { Schedule } from '../../src/queue/schedules/schedule.ts'
import { openSchedules } from '../../src/queue/schedules/schedules.ts'
import { createFileStore } from '../../src/storage/file-store.ts'
import { importRatings } from '../../src/storage/ratings/import-ratings.ts'
import { body } from '../storage/bodies.ts'
import { logger, openBench } from './queue-bench.ts'

/** A queue with a store, and its schedules. */
export async function openScheduleBench(t: TestContext, redisUrl: string) {
  const bench = await openBench(t, redisUrl)
  const { prefix, folder } = bench
  const schedules = await openSchedules({ redisUrl, prefix, attempts: 2, logger })
  t.after(() => schedules.close())
  const store = createFileStore(folder)
  /** Imports so many ratings. */
  const rate = (count: number) =>
    importRatings(
      store,
      body(Array.from({ length: count }, (_, i) => `${i}\t1\t${1 + (i % 5)}\n`).join('')),
    )
  return { ...bench, schedules, store, rate }
}

/** A training that takes no time, of what there is. */
export const quickTraining = {
  algorithm: 'dot-bias',
  factors: 2,
  epochs: 1,
  ranking: null,
  split: { valid: 0 },
}

/** A schedule that trains at every tick; for tests alone a tick may come in less than a minute. */
export function everySeconds(intervalSeconds: number, given: Partial<Schedule> = {}): Schedule {
  return {
    intervalSeconds,
    minNewRatings: 0,
    maxModelAgeSeconds: null,
    training: quickTraining,
    ...given,
  }
}
