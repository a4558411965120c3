import type { Job, JobState } from 'bullmq'
import type { EpochReport } from '../model/card.ts'
import { readJobFailure } from './job-failure.ts'
import { payloadSchema, type TrainingJob } from './payload.ts'

/** What is known about one job, from BullMQ and from what is kept beside it. */
export type JobRecord = {
  job: Job
  state: JobState | 'unknown'
  /** When it was cancelled, ISO 8601; null unless it was. */
  cancelledAt: string | null
  epochs: EpochReport[]
}

const states = {
  active: 'running',
  completed: 'completed',
  failed: 'failed',
} as const satisfies Partial<Record<JobState, TrainingJob['state']>>

/** The state that users see. A model that was published stands, whatever came after. */
export function stateOf({ state, cancelledAt }: Pick<JobRecord, 'state' | 'cancelledAt'>) {
  if (cancelledAt !== null && state !== 'completed') return 'cancelled'
  return state in states ? states[state as keyof typeof states] : 'queued'
}

/** The job as its users see it; null when its payload cannot be read (another release wrote it). */
export function toTrainingJob(record: JobRecord): TrainingJob | null {
  const { job, cancelledAt } = record
  const payload = payloadSchema.safeParse(job.data)
  if (!payload.success) return null
  const state = stateOf(record)
  return {
    id: job.id!,
    state,
    spec: payload.data.spec,
    createdAt: new Date(job.timestamp).toISOString(),
    startedAt: isoTime(job.processedOn),
    finishedAt: state === 'cancelled' ? cancelledAt : isoTime(job.finishedOn),
    attempts: job.attemptsStarted,
    epochs: state === 'queued' ? [] : record.epochs,
    model: state === 'completed' ? payload.data.version : null,
    error: state === 'failed' ? readJobFailure(job.failedReason) : null,
  }
}

function isoTime(time: number | undefined): string | null {
  return time === undefined ? null : new Date(time).toISOString()
}
