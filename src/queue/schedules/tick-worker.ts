import { type Job, Queue, Worker } from 'bullmq'
import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import { liveKeys } from '../../live/live-keys.ts'
import { newestPosition } from '../../live/scripts.ts'
import { openWorkerConnection } from '../../redis/connections.ts'
import type { RedisSettings } from '../../redis/options.ts'
import { createModelRegistry } from '../../storage/model-registry.ts'
import type { ObjectStore } from '../../storage/object-store.ts'
import { queueName } from '../job-keys.ts'
import type { Payload } from '../job-request.ts'
import { createJobRecords } from '../producer/job-records.ts'
import { within } from '../within.ts'
import { judge } from './judge.ts'
import { type RunTools, runSchedule } from './run-schedule.ts'
import { createRuns } from './runs.ts'
import type { KeptSchedule, Run } from './schedule.ts'
import { findKept, openTickQueue, scheduleQueueName, tickAttempts } from './schedule-queue.ts'

export type TickWorkerOptions = RedisSettings & {
  readonly store: ObjectStore
  /** How often a training is tried that fails by a fault. */
  readonly attempts: number
  /** A worker that is silent for so long has lost its tick. */
  readonly lockMs: number
  readonly logger: Logger
}

const closeMs = 2_000

/**
 * Runs schedules when they tick. Every worker does so, beside its training: of several BullMQ gives
 * each tick to one, and to another one when that is killed.
 */
export function startTickWorker(options: TickWorkerOptions): { close(): Promise<void> } {
  const { prefix, lockMs } = options
  const closing = new AbortController()
  const quiet = options.logger.child({}, { level: 'error' })
  const connection = openWorkerConnection(options, quiet, closing.signal)
  const runTick = createTickRunner(connection, options)
  const worker = new Worker<KeptSchedule>(scheduleQueueName, runTick, {
    connection,
    prefix,
    lockDuration: lockMs,
    stalledInterval: Math.ceil(lockMs / 2),
    runRetryDelay: 1_000,
  })
  worker.on('error', (error) => options.logger.debug({ err: error }, 'BullMQ reported an error.'))
  return {
    async close() {
      await within(closeMs, worker.close())
      // BullMQ leaves these timers running where it could not close in time.
      await worker['lockManager'].close()
      worker['stalledCheckStopper']?.()
      closing.abort()
      connection.disconnect()
    },
  }
}

function createTickRunner(redis: Redis, options: TickWorkerOptions) {
  const { prefix, store, attempts, logger } = options
  const ticks = openTickQueue(redis, prefix)
  const queue = new Queue<Payload>(queueName, { connection: redis, prefix, skipMetasUpdate: true })
  queue.on('error', () => {})
  const records = createJobRecords(queue, redis, prefix)
  const registry = createModelRegistry(store)
  const tools: RunTools = { queue, records, runs: createRuns(redis, prefix), attempts }
  const keys = liveKeys(prefix)
  const judged = async ({ schedule }: KeptSchedule, lastJob: string | null) => {
    const newest = await newestPosition(redis, keys)
    const told = newest === null ? [] : [newest]
    return judge(schedule, { store, registry, told, lastJob, now: Date.now() })
  }

  return async (job: Job<KeptSchedule>): Promise<void> => {
    const kept = job.data
    // It may have been deleted, or made anew, after its tick was due.
    if ((await findKept(ticks, kept.name))?.kept.id !== kept.id) return
    const tick = timeOf(job)
    const occasion = {
      tick: `${tick}`,
      dueAt: new Date(tick).toISOString(),
      by: 'schedule' as const,
    }
    const log = logger.child({ schedule: kept.name, dueAt: occasion.dueAt })
    try {
      const run = await runSchedule(kept, occasion, (lastJob) => judged(kept, lastJob), tools)
      const { outcome, reason, detail, job: id } = run
      log.info({ outcome, reason, jobId: id }, `A schedule ticked. ${detail}`)
    } catch (error) {
      log.error({ err: error }, 'A tick met a fault.')
      if (job.attemptsMade + 1 < tickAttempts) throw error
      const { tick: name, ...when } = occasion
      await tools.runs.record(kept, name, { ...when, ...faultOf(error) })
    }
  }
}

/** The time of a tick in milliseconds, which BullMQ puts at the end of its id. */
function timeOf({ id = '' }: Job): number {
  return Number(id.slice(id.lastIndexOf(':') + 1))
}

function faultOf(error: unknown): Omit<Run, 'dueAt' | 'by'> {
  const reason = error instanceof Error ? error.message : String(error)
  const detail = `It was tried ${tickAttempts} times in vain: ${reason}`
  return { ranAt: new Date().toISOString(), outcome: 'skipped', reason: 'fault', detail, job: null }
}
