import type { EpochReport } from '../model/card.ts'
import type { LearningRatePoint } from '../model/spec/learning-rate-search.ts'
import type { Trial } from '../model/spec/trial.ts'

/**
 * What happens to a job, in order. Ids grow; `since(id)` gives what came after. `started` begins a new
 * attempt, or the same one anew on another engine, so what was before it no longer counts; the trials that were finished come again. A job's
 * last event says how it ended.
 */
export type JobEvent = { id: string } & (
  | { type: 'started'; data: { attempt: number } }
  | { type: 'epoch'; data: EpochReport }
  | { type: 'point'; data: LearningRatePoint }
  | { type: 'trial'; data: Trial }
  | { type: 'ended'; data: { state: 'completed' | 'failed' | 'cancelled' } }
)
