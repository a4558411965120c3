import { MarqueeError } from '../../errors.ts'
import type { EpochReport } from '../../model/card.ts'
import { encodeModel } from '../../model/file/model-file.ts'
import type { TrainingSpec } from '../../model/spec/training-spec.ts'
import type { UnsealedCard } from '../../storage/model-registry.ts'
import type { TrainingMaterial } from '../../storage/training-material.ts'
import type { TrainingResult } from '../../training/train.ts'
import { isFinal } from '../job-failure.ts'
import { claimOrRefuse, watchAttempt } from './attempt.ts'
import type { Attempt, AttemptState } from './fence.ts'
import type { JobTools } from './job-tools.ts'

/** A training that ends in publication: what a job asks for, or a tuning's winner. */
export type Publication = TrainingMaterial & {
  readonly jobId: string
  readonly version: string
  readonly spec: TrainingSpec
  readonly signal: AbortSignal
}

const modelsKept = 3

/**
 * Whether the version is published. Then the attempt before this one was killed after the commit, and
 * what is left is to make the version the one that serves.
 */
export async function isPublished(
  version: string,
  { registry, checkpoints }: Pick<JobTools, 'registry' | 'checkpoints'>,
): Promise<boolean> {
  const published = await registry.find(version)
  if (!published) return false
  await registry.promoteIfNew(version)
  await checkpoints?.clear()
  return true
}

/** Trains and publishes, unless the attempt is not the newest any more or the job was cancelled. */
export async function trainAndPublish(
  task: Publication,
  tools: JobTools,
  attempt: Attempt,
): Promise<void> {
  const { registry } = tools
  const result = await train(task, tools, attempt)
  const card = cardOf(task, result)
  const tensors = encodeModel(result.model, { version: card.version })
  await claimOrRefuse(attempt)
  await registry.publish({ tensors, report: result.report }, card, attempt.number)
  await registry.prune(modelsKept)
  await tools.checkpoints?.clear()
}

/** A training that stops as soon as its attempt no longer counts. */
async function train(
  { spec, signal, ratings, attributes, dataVersion }: Publication,
  tools: JobTools,
  attempt: Attempt,
): Promise<TrainingResult> {
  const { checkpoints } = tools
  const watch = watchAttempt(signal)
  const onEpoch = (report: EpochReport) => {
    tools.onEpoch(report)
    watch.hear(attempt.report(report))
  }
  try {
    return await tools.train({ ratings, attributes }, spec, {
      signal: watch.signal,
      onEpoch,
      onSetback: (reason) => {
        tools.onSetback?.(reason)
        watch.hear(attempt.restart())
      },
      ...(checkpoints && { checkpoints: checkpoints.on(dataVersion) }),
    })
  } catch (error) {
    if (endsJob(error, watch.state)) await checkpoints?.clear()
    throw watch.errorOf(error)
  }
}

/** Whether no later attempt goes on from here; a signal may also mean that the worker shuts down. */
function endsJob(error: unknown, state: AttemptState): boolean {
  if (state !== 'newest') return state === 'cancelled'
  return isFinal(error) && !(error instanceof MarqueeError && error.code === 'cancelled')
}

function cardOf(
  { jobId, version, ratings, dataVersion }: Publication,
  result: TrainingResult,
): UnsealedCard {
  return {
    version,
    createdAt: new Date().toISOString(),
    jobId,
    spec: result.spec,
    engine: result.engine,
    backend: result.backend,
    device: result.device,
    ...(result.setbacks.length > 0 && { setbacks: [...result.setbacks] }),
    data: {
      version: dataVersion,
      ratings: ratings.rating.length,
      users: ratings.users.size,
      movies: ratings.movies.size,
      trainRows: result.trainRows,
      validRows: result.validRows,
    },
    trainSeconds: result.trainSeconds,
    rankingSeconds: result.rankingSeconds,
    epochs: result.epochs,
    metrics: result.metrics,
    rankingMetrics: result.rankingMetrics,
    baselines: result.baselines,
    intervals: result.intervals,
    compression: result.compression,
  }
}
