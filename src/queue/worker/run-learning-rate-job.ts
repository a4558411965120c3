import type { RateSearch } from '../../model/spec/learning-rate-search.ts'
import type { JobTask, JobTools } from './job-tools.ts'
import type { PayloadOf } from '../payload.ts'
import { beginOrRefuse, claimOrRefuse, watchStanding } from './attempt.ts'

/** Finds a learning rate and tells each point; it stops when its attempt no longer counts. */
export async function runRateJob(
  { payload, signal }: JobTask<PayloadOf<'find-rate'>>,
  tools: JobTools,
): Promise<RateSearch> {
  const attempt = await beginOrRefuse(tools)
  const material = await tools.loadMaterial()
  const watch = watchStanding(signal)
  try {
    const found = await tools.findRate(material, payload.spec, {
      signal: watch.signal,
      onSetback: (reason) => {
        tools.onSetback?.(reason)
        watch.hear(attempt.restart())
      },
      onPoint: (point) => watch.hear(attempt.reportPoint(point)),
    })
    await claimOrRefuse(attempt)
    return found
  } catch (error) {
    throw watch.errorOf(error)
  }
}
