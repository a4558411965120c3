import type { JobProgress } from '../../model/progress.ts'
import type { TrainingJob } from '../job-schema.ts'

const nothing = {
  ...{ step: null, work: null, place: null, share: 0, secondsLeft: null },
  ...{ worker: null, engine: null, device: null, at: null },
} satisfies Partial<JobProgress>

/** How far a job in this state is, as its users see it; `told` is what its worker said last. */
export function progressOf(
  state: TrainingJob['state'],
  told: JobProgress | null,
  place: number | null,
): JobProgress {
  switch (state) {
    case 'queued':
      return { phase: 'queued', ...nothing, place }
    case 'running':
      return told ?? { phase: 'loading', ...nothing }
    case 'completed':
      return { ...(told ?? { phase: 'publishing', ...nothing }), share: 1, secondsLeft: 0 }
    default:
      return { ...(told ?? { phase: 'queued', ...nothing }), secondsLeft: null }
  }
}
