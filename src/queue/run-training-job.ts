import { MarqueeError } from '../errors.ts'
import { encodeModel } from '../model/artifact.ts'
import type { EpochReport } from '../model/card.ts'
import type { RateSearch } from '../model/rate-search.ts'
import type { Ratings } from '../model/ratings.ts'
import type { TrainingSpec } from '../model/training-spec.ts'
import type { ModelRegistry, UnsealedCard } from '../storage/model-registry.ts'
import type { RateSearchHooks } from '../training/search-rate.ts'
import type { TrainingHooks, TrainingResult } from '../training/train.ts'
import type { Attempt, Standing } from './fence.ts'
import type { PayloadOf } from './payload.ts'

/** What a job needs of the outside. */
export type TrainingTools = {
  registry: ModelRegistry
  /** Takes the next attempt number, or says why this worker may not. */
  begin(): Promise<Attempt | Exclude<Standing, 'newest'>>
  loadRatings(): Promise<{ ratings: Ratings; dataVersion: string }>
  train(ratings: Ratings, spec: TrainingSpec, hooks: TrainingHooks): Promise<TrainingResult>
  findRate(ratings: Ratings, spec: TrainingSpec, hooks: RateSearchHooks): Promise<RateSearch>
  onEpoch(report: EpochReport): void
}

export type JobTask<Payload> = { id: string; payload: Payload; signal: AbortSignal }
export type TrainingJobTask = JobTask<PayloadOf<'train'>>

/** A training that ends in publication: a job's own, or a tuning's winner. */
export type Publication = {
  readonly jobId: string
  readonly version: string
  readonly spec: TrainingSpec
  readonly signal: AbortSignal
  readonly ratings: Ratings
  readonly dataVersion: string
}

const modelsKept = 3

/**
 * Trains and publishes; resolves once the job's version is published, by this attempt or another.
 * An attempt that is not the newest any more, or whose job was cancelled, never publishes.
 */
export async function runTrainingJob(task: TrainingJobTask, tools: TrainingTools): Promise<void> {
  const { id: jobId, payload, signal } = task
  if (await servesAlready(payload.version, tools)) return
  const attempt = await beginOrRefuse(tools)
  const data = await tools.loadRatings()
  await trainAndPublish({ jobId, ...payload, signal, ...data }, tools, attempt)
}

/** Killed after the commit: what is left is to make the version the one that serves. */
export async function servesAlready(
  version: string,
  { registry }: Pick<TrainingTools, 'registry'>,
): Promise<boolean> {
  const published = await registry.find(version)
  if (published) await registry.promoteIfNew(published.version)
  return published !== null
}

/** The next attempt, or an error that says why this worker may not. */
export async function beginOrRefuse(tools: Pick<TrainingTools, 'begin'>): Promise<Attempt> {
  const attempt = await tools.begin()
  if (typeof attempt === 'string') throw refusal(attempt)
  return attempt
}

/** Resolves when the attempt may end the job; an error says why not. */
export async function claimOrRefuse(attempt: Attempt): Promise<void> {
  const standing = await attempt.claimPublication()
  if (standing !== 'newest') throw refusal(standing)
}

/** Trains and publishes, unless the attempt is not the newest any more. */
export async function trainAndPublish(
  task: Publication,
  tools: TrainingTools,
  attempt: Attempt,
): Promise<void> {
  const { registry } = tools
  const result = await train(task, tools, attempt)
  const card = cardOf(task, result)
  const tensors = encodeModel(result.model, { version: card.version })
  await claimOrRefuse(attempt)
  await registry.publish({ tensors, report: result.report }, card, attempt.number)
  await registry.prune(modelsKept)
}

/** A training that stops as soon as its attempt no longer counts. */
async function train(
  { spec, signal, ratings }: Publication,
  tools: TrainingTools,
  attempt: Attempt,
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
    return await tools.train(ratings, spec, { signal: either, onEpoch })
  } catch (error) {
    throw standing === 'newest' ? error : refusal(standing)
  }
}

/** What a worker ends with whose attempt does not count. */
export function refusal(standing: Exclude<Standing, 'newest'>): Error {
  return standing === 'cancelled'
    ? new MarqueeError('cancelled', 'The training was cancelled.')
    : new Error('Another worker has taken the job over.')
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
