import type { EpochReport } from '../model/card.ts'

/**
 * What happens to a job, in order. Ids grow; `since(id)` gives what came after. `started` begins a new
 * attempt, so the epochs before it no longer count. A job's last event says how it ended.
 */
export type JobEvent = { id: string } & (
  | { type: 'started'; data: { attempt: number } }
  | { type: 'epoch'; data: EpochReport }
  | { type: 'ended'; data: { state: 'completed' | 'failed' | 'cancelled' } }
)
