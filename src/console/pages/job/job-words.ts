import type { Tone } from '../../components/figures.tsx'
import type { Job } from './live-job.ts'

const kindNames = {
  train: 'Training',
  'find-rate': 'Learning-rate search',
  tune: 'Tuning',
  'recommend-all': 'Lists for all',
} as const

export const toneOfState: Readonly<Record<Job['state'], Tone>> = {
  queued: 'neutral',
  running: 'warn',
  completed: 'good',
  failed: 'bad',
  cancelled: 'neutral',
}

/** What a job is, in words. */
export function jobTitle({ kind, spec }: Pick<Job, 'kind' | 'spec'>): string {
  return 'algorithm' in spec ? `${kindNames[kind]}: ${spec.algorithm}` : kindNames[kind]
}

/** The request that asks for the same again. */
export function requestOf(job: Job): object {
  if (job.kind === 'find-rate') return { kind: job.kind, training: job.spec }
  if (job.kind === 'tune' || job.kind === 'recommend-all') return job.spec
  return { ...job.spec, promote: job.promote, warmStart: job.warmStart }
}
