import type { Redis } from 'ioredis'
import type { JobPhase, JobProgress } from '../../../model/progress.ts'
import type { JobKeys } from '../../job-keys.ts'
import type { PartPayload } from '../../job-part.ts'
import { writePartProgress } from '../../job-progress.ts'

const tellMs = 1_000

/** What the child of a part tells: how much of what the job counts it has done, and on what. */
export type PartTold = {
  readonly phase: JobPhase
  readonly done: number
  readonly engine: string | null
  readonly device: string | null
}

/** Tells servers every second how far the job is that a part is of, until it is stopped. */
export function followPart(
  { part, unit, total, base }: PartPayload,
  { of, lock, token }: { readonly of: JobKeys; readonly lock: string; readonly token: string },
  worker: NonNullable<JobProgress['worker']>,
  redis: Redis,
): { hear(told: PartTold): void; stop(): void } {
  let last: PartTold | null = null
  const tell = () => {
    if (!last) return
    const { done, ...on } = last
    const told: JobProgress = {
      ...{ ...on, step: null, share: 0, secondsLeft: null, place: null, worker },
      work: { unit, done: 0, total: Math.round(total) },
      at: new Date().toISOString(),
    }
    writePartProgress(redis, of, { lock, token }, { part, done, total, base, told }).catch(() => {})
  }
  const timer = setInterval(tell, tellMs)
  return {
    hear(told) {
      const isFirst = last === null
      last = told
      if (isFirst) tell()
    },
    stop() {
      clearInterval(timer)
      tell()
    },
  }
}
