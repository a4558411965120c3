import { defaultPriority } from '../model/spec/job-priority.ts'

/**
 * Priorities as BullMQ has them: two for each of ours, so that a job whose parts have ended, or failed,
 * comes before the other parts. It takes the lower number while it waits for them.
 */
export function queuedWith(priority: number = defaultPriority): number {
  return 2 * priority
}

/** The number that a job with parts has from then on; 0, before all, where it had none. */
export function withParts(queued: number | undefined): number {
  return Math.max(0, (queued ?? 0) - 1)
}

/** The priority as it was asked for; those that an earlier release queued have the default. */
export function priorityOf(queued: number | undefined): number {
  return queued === undefined ? defaultPriority : queued / 2
}
