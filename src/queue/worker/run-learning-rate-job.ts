import type { LearningRateSearch } from '../../model/spec/learning-rate-search.ts'
import { planRateSearch } from '../../training/progress/plan-training.ts'
import { sizesOf } from '../../training/progress/work.ts'
import type { PayloadOf } from '../job-request.ts'
import { beginOrRefuse, claimOrRefuse, watchAttempt } from './attempt.ts'
import { type JobTask, type JobTools, loadFolded } from './job-tools.ts'

/** Finds a learning rate and tells each point; it stops when its attempt no longer counts. */
export async function runLearningRateJob(
  { payload: { spec }, signal }: JobTask<PayloadOf<'find-rate'>>,
  tools: JobTools,
): Promise<LearningRateSearch> {
  const attempt = await beginOrRefuse(tools)
  const { work, backend, meter, onEngine } = tools
  const { ratings } = await loadFolded(tools)
  meter?.plan(planRateSearch(sizesOf(ratings), spec))
  const watch = watchAttempt(signal)
  const hooks = {
    signal: watch.signal,
    ...(meter && { meter }),
    ...(onEngine && { onEngine }),
    onSetback: (reason: string) => {
      tools.onSetback?.(reason)
      watch.hear(attempt.restart())
    },
    onPoint: (point: LearningRateSearch['points'][number]) =>
      watch.hear(attempt.reportPoint(point)),
  }
  try {
    const found = await work.searchLearningRate({ ratings, spec, backend, hooks })
    await claimOrRefuse(attempt)
    return found
  } catch (error) {
    throw watch.errorOf(error)
  }
}
