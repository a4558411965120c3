import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import { type JobProgress, progressText } from '../../../model/progress.ts'
import type { JobKeys } from '../../job-keys.ts'
import { writeProgress } from '../../job-progress.ts'
import { createProgressTeller, type ProgressTeller } from './progress-teller.ts'

const tellMs = 1_000
const logMs = 10_000

export type FollowedJob = {
  readonly id: string
  /** The request that asked for it. */
  readonly reqId?: string | undefined
  readonly keys: JobKeys
  /** BullMQ's, of this worker's having the job. */
  readonly token: string
}

/** To be told what the child tells, and stopped when the job is not here any more. */
export type FollowedProgress = Pick<ProgressTeller, 'hear'> & { stop(): void }

/** Tells servers every second and the log every ten how far a job is, until it is stopped. */
export function followProgress(
  { id, reqId, keys, token }: FollowedJob,
  worker: NonNullable<JobProgress['worker']>,
  { redis, logger }: { redis: Redis; logger: Logger },
): FollowedProgress {
  const teller = createProgressTeller(worker)
  let isTelling = false
  const tell = () => {
    // While Redis is away, what waits to be told does not pile up.
    if (isTelling) return
    isTelling = true
    writeProgress(redis, keys, token, teller.now())
      .catch(() => {})
      .finally(() => {
        isTelling = false
      })
  }
  const log = () => {
    const progress = teller.now()
    const { phase, step, share, secondsLeft } = progress
    const line = { jobId: id, reqId, phase, step, share, secondsLeft }
    logger.info(line, `${id}: ${progressText(progress)}`)
  }
  tell()
  const timers = [setInterval(tell, tellMs), setInterval(log, logMs)]
  return {
    hear: teller.hear,
    stop() {
      timers.forEach(clearInterval)
      // The job is still this worker's: how far it came stays to be seen.
      isTelling = false
      tell()
    },
  }
}
