import { type JobsOptions, Queue, type RepeatOptions } from 'bullmq'
import type { Redis } from 'ioredis'
import type { KeptSchedule } from './schedule.ts'
import { repeatOf } from './times.ts'

/** The BullMQ queue of the ticks; its keys are `<prefix>:schedules:…`. */
export const scheduleQueueName = 'schedules'

/** A tick is a job of this queue: it comes with the schedule as it was when the tick was set. */
export type TickQueue = Queue<KeptSchedule>

/** How often a tick is tried that meets a fault. */
export const tickAttempts = 5

const tickOptions: Omit<JobsOptions, 'jobId' | 'repeat' | 'delay'> = {
  attempts: tickAttempts,
  backoff: { type: 'exponential', delay: 1_000, jitter: 0.5 },
  removeOnComplete: true,
  removeOnFail: true,
}

/** The queue of the ticks over a connection; it opens, too, while Redis is away. */
export function openTickQueue(connection: Redis, prefix: string): TickQueue {
  const lenient = { skipWaitingForReady: true, skipVersionCheck: true, skipMetasUpdate: true }
  const queue: TickQueue = new Queue(scheduleQueueName, { connection, prefix, ...lenient })
  // What fails is told by the command that waits for it.
  queue.on('error', () => {})
  return queue
}

/** Keeps the schedule and sets its next tick in place of the one that was set, all at once. */
export async function keep(queue: TickQueue, kept: KeptSchedule): Promise<void> {
  const repeat: Omit<RepeatOptions, 'key'> = repeatOf(kept.schedule)
  await queue.upsertJobScheduler(kept.name, repeat, {
    name: 'tick',
    data: kept,
    opts: tickOptions,
  })
}

/** The schedule and its next tick in milliseconds; null where there is none of this name. */
export async function findKept(
  queue: TickQueue,
  name: string,
): Promise<{ kept: KeptSchedule; next: number | null } | null> {
  const scheduler = await queue.getJobScheduler(name)
  const kept = scheduler?.template?.data as KeptSchedule | undefined
  return kept ? { kept, next: scheduler?.next ?? null } : null
}
