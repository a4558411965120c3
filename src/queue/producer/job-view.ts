import type { Job, JobState } from 'bullmq'
import type { EpochReport } from '../../model/epoch-report.ts'
import type { LearningRateSearch } from '../../model/spec/learning-rate-search.ts'
import { type Trial, winnerOf } from '../../model/spec/trial.ts'
import { readJobFailure } from '../job-failure.ts'
import { priorityOf } from '../job-priorities.ts'
import { type Payload, payloadSchema } from '../job-request.ts'
import type { BatchResult, Published, TrainingJob } from '../job-schema.ts'
import { type KnownProgress, progressOf } from './job-progress-view.ts'

/** A job as BullMQ has it, with all that is kept beside it. */
export type JobRecord = KnownProgress & {
  job: Job
  state: JobState | 'unknown'
  /** When it was cancelled, ISO 8601; null unless it was. */
  cancelledAt: string | null
  epochs: EpochReport[]
  /** A tuning's, of all attempts. */
  trials: Trial[]
}

const states = {
  active: 'running',
  'waiting-children': 'running',
  completed: 'completed',
  failed: 'failed',
} as const satisfies Partial<Record<JobState, TrainingJob['state']>>

/** The state that users see. A model that was published stands, whatever came after. */
export function stateOf({
  state,
  cancelledAt,
}: Pick<JobRecord, 'state' | 'cancelledAt'>): TrainingJob['state'] {
  if (cancelledAt !== null && state !== 'completed') return 'cancelled'
  return state in states ? states[state as keyof typeof states] : 'queued'
}

/** The job as its users see it; null when its payload cannot be read (another release wrote it). */
export function toJobView(record: JobRecord): TrainingJob | null {
  const { job, cancelledAt } = record
  const payload = payloadSchema.safeParse(job.data)
  if (!payload.success) return null
  const state = stateOf(record)
  const isPublished = state === 'completed' && isToPublish(payload.data)
  const published: Published | null = isPublished ? (job.returnvalue ?? null) : null
  const common = {
    id: job.id!,
    state,
    createdAt: new Date(job.timestamp).toISOString(),
    priority: priorityOf(job.opts.priority),
    ...(payload.data.schedule !== undefined && { schedule: payload.data.schedule }),
    startedAt: isoTime(job.processedOn),
    finishedAt: state === 'cancelled' ? cancelledAt : isoTime(job.finishedOn),
    attempts: job.attemptsStarted,
    progress: progressOf(payload.data.kind, state, record),
    epochs: state === 'queued' ? [] : record.epochs,
    askedBy: payload.data.askedBy,
    promotion: published?.promotion ?? null,
    model: isPublished ? payload.data.version : null,
    error: state === 'failed' ? readJobFailure(job.failedReason) : null,
  }
  return withResult(common, payload.data, record)
}

type Common = Pick<TrainingJob, Exclude<keyof TrainingJob, 'kind' | 'spec' | 'result'>>

function withResult(common: Common, payload: Payload, { job, trials }: JobRecord): TrainingJob {
  const completed = common.state === 'completed' ? job.returnvalue : null
  switch (payload.kind) {
    case 'train': {
      const { kind, spec, promote, warmStart } = payload
      const published: Published | null = completed ?? null
      const result = published && { losesToBiases: published.losesToBiases }
      return { ...common, kind, spec, promote, warmStart, result }
    }
    case 'find-rate': {
      const found: LearningRateSearch | null = completed
      return { ...common, kind: payload.kind, spec: payload.spec, result: found }
    }
    case 'recommend-all': {
      const result: BatchResult | null = completed
      return { ...common, kind: payload.kind, spec: payload.spec, result }
    }
    case 'tune': {
      const result = { trials, winner: winnerOf(payload.spec, trials) }
      return { ...common, kind: payload.kind, spec: payload.spec, result }
    }
  }
}

/** Whether the job ends with a model. */
function isToPublish(payload: Payload): boolean {
  return payload.kind === 'train' || (payload.kind === 'tune' && payload.spec.trainWinner)
}

function isoTime(time: number | undefined): string | null {
  return time === undefined ? null : new Date(time).toISOString()
}
