import { MarqueeError } from '../errors.ts'
import { encodeModel } from '../model/artifact.ts'
import type { EpochReport } from '../model/card.ts'
import type { Ratings } from '../model/ratings.ts'
import type { ModelRegistry, UnsealedCard } from '../storage/model-registry.ts'
import type { TrainingHooks, TrainingResult } from '../training/train.ts'
import type { Attempt, Standing } from './fence.ts'
import type { JobCheckpoints } from './job-checkpoints.ts'
import type { Payload } from './payload.ts'

/** What a job needs of the outside. */
export type TrainingTools = {
  registry: ModelRegistry
  /** Takes the next attempt number, or says why this worker may not. */
  begin(): Promise<Attempt | Exclude<Standing, 'newest'>>
  loadRatings(): Promise<{ ratings: Ratings; dataVersion: string }>
  train(ratings: Ratings, spec: Payload['spec'], hooks: TrainingHooks): Promise<TrainingResult>
  onEpoch(report: EpochReport): void
  /** The job's own; none, and an attempt after a kill starts anew. */
  checkpoints?: JobCheckpoints
}

export type TrainingJobTask = { id: string; payload: Payload; signal: AbortSignal }

const modelsKept = 3

/**
 * Trains and publishes; resolves once the job's version is published, by this attempt or another.
 * An attempt that is not the newest any more, or whose job was cancelled, never publishes.
 */
export async function runTrainingJob(task: TrainingJobTask, tools: TrainingTools): Promise<void> {
  const { registry } = tools
  const published = await registry.find(task.payload.version)
  if (published) {
    // Killed after the commit: what is left is to make the version the one that serves.
    await registry.promoteIfNew(published.version)
    await tools.checkpoints?.clear()
    return
  }
  const attempt = await tools.begin()
  if (typeof attempt === 'string') throw refusal(attempt)

  const { ratings, dataVersion } = await tools.loadRatings()
  const result = await train(task, tools, attempt, ratings)
  const card = cardOf(task, result, ratings, dataVersion)
  const tensors = encodeModel(result.model, { version: card.version })

  const standing = await attempt.claimPublication()
  if (standing !== 'newest') throw refusal(standing)
  await registry.publish({ tensors, report: result.report }, card, attempt.number)
  await registry.prune(modelsKept)
  await tools.checkpoints?.clear()
}

/** A training that stops as soon as its attempt no longer counts. */
async function train(
  { payload, signal }: TrainingJobTask,
  tools: TrainingTools,
  attempt: Attempt,
  ratings: Ratings,
): Promise<TrainingResult> {
  const stop = new AbortController()
  let standing: Standing = 'newest'
  const onEpoch = (report: EpochReport) => {
    tools.onEpoch(report)
    // Not awaited: a training goes on while Redis is away, and the reports wait their turn.
    attempt.report(report).then(
      (answer) => {
        standing = answer
        if (standing !== 'newest') stop.abort()
      },
      () => {},
    )
  }
  try {
    const either = AbortSignal.any([signal, stop.signal])
    const { checkpoints } = tools
    return await tools.train(ratings, payload.spec, {
      signal: either,
      onEpoch,
      ...(checkpoints && { checkpoints }),
    })
  } catch (error) {
    if (endsJob(error, standing)) await tools.checkpoints?.clear()
    throw standing === 'newest' ? error : refusal(standing)
  }
}

/** Whether no later attempt goes on from here; a signal may also mean that the worker shuts down. */
function endsJob(error: unknown, standing: Standing): boolean {
  if (standing !== 'newest') return standing === 'cancelled'
  return error instanceof MarqueeError && error.code !== 'cancelled'
}

function refusal(standing: Exclude<Standing, 'newest'>): Error {
  return standing === 'cancelled'
    ? new MarqueeError('cancelled', 'The training was cancelled.')
    : new Error('Another worker has taken the job over.')
}

function cardOf(
  { id, payload }: TrainingJobTask,
  result: TrainingResult,
  ratings: Ratings,
  dataVersion: string,
): UnsealedCard {
  return {
    version: payload.version,
    createdAt: new Date().toISOString(),
    jobId: id,
    spec: payload.spec,
    engine: result.engine,
    backend: result.backend,
    device: result.device,
    data: {
      version: dataVersion,
      ratings: ratings.rating.length,
      users: ratings.users.size,
      movies: ratings.movies.size,
      trainRows: result.trainRows,
      validRows: result.validRows,
    },
    trainSeconds: result.trainSeconds,
    epochs: result.epochs,
    metrics: result.metrics,
    baselines: result.baselines,
  }
}
