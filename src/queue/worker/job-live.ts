import { compactLive } from '../../live/folding/compact.ts'
import type { FoldOptions } from '../../live/folding/fold.ts'
import type { LiveMark } from '../../storage/segments/live-marks.ts'
import { expirySeconds, type JobKeys } from '../job-keys.ts'

/**
 * Folds the live events there are, unless an earlier attempt at the job did: what has come since is
 * not its data, so that it goes on from a checkpoint.
 */
export async function foldForJob(job: JobKeys, log: FoldOptions): Promise<readonly LiveMark[]> {
  const kept = await log.redis.get(job.live)
  if (kept !== null) return JSON.parse(kept) as LiveMark[]
  const marks = await compactLive(log)
  await log.redis.set(job.live, JSON.stringify(marks), 'EX', expirySeconds)
  return marks
}
