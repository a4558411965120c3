import type { LearningRateSearch } from '../../model/spec/learning-rate-search.ts'
import type { PayloadOf } from '../payload.ts'
import { beginOrRefuse, claimOrRefuse, watchAttempt } from './attempt.ts'
import type { JobTask, JobTools } from './job-tools.ts'

/** Finds a learning rate and tells each point; it stops when its attempt no longer counts. */
export async function runLearningRateJob(
  { payload, signal }: JobTask<PayloadOf<'find-rate'>>,
  tools: JobTools,
): Promise<LearningRateSearch> {
  const attempt = await beginOrRefuse(tools)
  const material = await tools.loadMaterial()
  const watch = watchAttempt(signal)
  try {
    const found = await tools.findLearningRate(material, payload.spec, {
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
