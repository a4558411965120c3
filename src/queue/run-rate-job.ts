import type { RatePoint, RateSearch } from '../model/rate-search.ts'
import type { Standing } from './fence.ts'
import type { PayloadOf } from './payload.ts'
import {
  beginOrRefuse,
  claimOrRefuse,
  type JobTask,
  refusal,
  type TrainingTools,
} from './run-training-job.ts'

/** Finds a learning rate and tells each point; it stops when its attempt no longer counts. */
export async function runRateJob(
  { payload, signal }: JobTask<PayloadOf<'find-rate'>>,
  tools: TrainingTools,
): Promise<RateSearch> {
  const attempt = await beginOrRefuse(tools)
  const { ratings } = await tools.loadRatings()
  const stop = new AbortController()
  let standing: Standing = 'newest'
  const onPoint = (point: RatePoint) => {
    attempt.reportPoint(point).then(
      (answer) => {
        standing = answer
        if (standing !== 'newest') stop.abort()
      },
      () => {},
    )
  }
  const hooks = { signal: AbortSignal.any([signal, stop.signal]), onPoint }
  try {
    const found = await tools.findRate(ratings, payload.spec, hooks)
    await claimOrRefuse(attempt)
    return found
  } catch (error) {
    throw standing === 'newest' ? error : refusal(standing)
  }
}
