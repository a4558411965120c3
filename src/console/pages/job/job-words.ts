import type { Tone } from '../../components/figures.tsx'
import type { Job } from './live-job.ts'

export const kindNames = {
  train: 'Training',
  'find-rate': 'Learning-rate search',
  tune: 'Tuning',
} as const

export const toneOfState: Readonly<Record<Job['state'], Tone>> = {
  queued: 'neutral',
  running: 'warn',
  completed: 'good',
  failed: 'bad',
  cancelled: 'neutral',
}

/** The request that asks for the same again. */
export function requestOf(job: Job): object {
  if (job.kind === 'find-rate') return { kind: job.kind, training: job.spec }
  if (job.kind === 'tune') return job.spec
  return { ...job.spec, promote: job.promote, warmStart: job.warmStart }
}
