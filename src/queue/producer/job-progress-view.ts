import type { JobPhase, JobProgress } from '../../model/progress.ts'
import type { Payload } from '../job-request.ts'
import type { TrainingJob } from '../job-schema.ts'

/** What is known of how far a job is. */
export type KnownProgress = {
  /** What its worker told last. */
  readonly told: JobProgress | null
  /** While it waits: 1 is next. */
  readonly place: number | null
}

const nothing = {
  ...{ step: null, work: null, place: null, share: 0, secondsLeft: null },
  ...{ worker: null, engine: null, device: null, at: null },
} satisfies Partial<JobProgress>

/** What a job of a kind ends with. */
const lastPhases = {
  train: 'publishing',
  'find-rate': 'training',
  tune: 'tuning',
  'recommend-all': 'recommending',
} as const satisfies Record<Payload['kind'], JobPhase>

/** How far a job in this state is, as its users see it. */
export function progressOf(
  kind: Payload['kind'],
  state: TrainingJob['state'],
  { told, place }: KnownProgress,
): JobProgress {
  switch (state) {
    case 'queued':
      return { phase: 'queued', ...nothing, place }
    case 'running':
      return told ?? { phase: 'loading', ...nothing }
    case 'completed':
      // What a child says in its last moments may not have been heard.
      return {
        phase: lastPhases[kind],
        ...nothing,
        ...(told && { worker: told.worker, engine: told.engine, device: told.device, at: told.at }),
        ...{ share: 1, secondsLeft: 0 },
      }
    default:
      return { ...(told ?? { phase: 'queued', ...nothing }), secondsLeft: null }
  }
}
