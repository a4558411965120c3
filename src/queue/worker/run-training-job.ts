import { MarqueeError } from '../../errors.ts'
import type { EpochReport, ModelCard } from '../../model/card.ts'
import { encodeModel } from '../../model/file/model-file.ts'
import { withoutErasedUsers } from '../../storage/erasures/erase-models.ts'
import type { UnsealedCard } from '../../storage/model-registry.ts'
import type { TrainingMaterial } from '../../storage/training-material.ts'
import { losesToBiases } from '../../training/promotion/judge.ts'
import { reportOf } from '../../training/report/report.ts'
import { type Gate, servedModel, type Training } from '../../training/train.ts'
import { isFinal } from '../job-failure.ts'
import type { PayloadOf } from '../job-request.ts'
import type { Published } from '../job-schema.ts'
import {
  type Attempt,
  type AttemptState,
  beginOrRefuse,
  claimOrRefuse,
  watchAttempt,
} from './attempt.ts'
import { type JobTask, type JobTools, loadFolded } from './job-tools.ts'
import { openGate } from './open-gate.ts'

/**
 * Trains and publishes; resolves once the job's version is published, by this attempt or another.
 * An attempt that is not the newest any more, or whose job was cancelled, never publishes.
 */
export async function runTrainingJob(
  { id, payload, signal }: JobTask<PayloadOf<'train'>>,
  tools: JobTools,
): Promise<Published> {
  const { spec, promote, askedBy, version } = payload
  const earlier = await resumePublication(version, tools)
  if (earlier) return publishedOf(earlier)
  const attempt = await beginOrRefuse(tools)
  const material = await loadFolded(tools)
  const asked = { jobId: id, version, spec, promote, askedBy, signal }
  return publishedOf(await publishModel({ ...asked, ...material }, tools, attempt))
}

/** What is kept with the job of a model that it has published. */
export function publishedOf({ losesToBiases = null, promotion = null }: UnsealedCard): Published {
  return { losesToBiases, promotion }
}

/**
 * The card of the version where it is published, else null. Then the attempt before this one was
 * killed after the commit, and what was left, to make the version the one that serves, is done.
 */
export async function resumePublication(
  version: string,
  { registry, checkpoints }: Pick<JobTools, 'registry' | 'checkpoints'>,
): Promise<ModelCard | null> {
  const published = await registry.find(version)
  if (!published) return null
  await registry.promoteIfNew(version)
  await checkpoints?.clear()
  return published
}

/** A training that ends in publication: of what a job asks for, or of a tuning's winner. */
export type Publication = TrainingMaterial &
  Pick<PayloadOf<'train'>, 'version' | 'spec' | 'promote' | 'askedBy'> & {
    readonly jobId: string | null
    readonly signal: AbortSignal
  }

const modelsKept = 3

/**
 * Trains and publishes, unless the attempt is not the newest any more or the job was cancelled; users
 * that were erased meanwhile are left out. Gives the card.
 */
export async function publishModel(
  publication: Publication,
  tools: JobTools,
  attempt: Attempt,
): Promise<UnsealedCard> {
  const { registry } = tools
  const gate = await openGate(publication, registry, (promotion) => {
    attempt.reportPromotion(promotion).catch(() => {})
  })
  const training = await trainWatched(publication, tools, attempt, gate)
  const trained = cardOf(publication, training)
  const model = await withoutErasedUsers(tools.store, servedModel(training), publication.live)
  const tensors = encodeModel(model, {
    version: trained.version,
    algorithm: trained.spec.algorithm,
  })
  await claimOrRefuse(attempt)
  const promotion = await gate.decide(training)
  const card = { ...trained, asked: publication.spec, promotion }
  await registry.publish({ tensors, report: reportOf(training) }, card, attempt.number)
  if (card.losesToBiases) tools.onLoss?.(card)
  tools.onPromotion?.(card.version, promotion)
  await registry.prune(modelsKept)
  await tools.checkpoints?.clear()
  return card
}

/** Trains, but stops as soon as the attempt no longer counts. */
async function trainWatched(
  { spec, signal, ratings, attributes, dataVersion }: Publication,
  { work, backend, checkpoints, ...tools }: JobTools,
  attempt: Attempt,
  gate: Gate,
): Promise<Training> {
  const watch = watchAttempt(signal)
  const hooks = {
    signal: watch.signal,
    onEpoch: (report: EpochReport) => {
      tools.onEpoch(report)
      watch.hear(attempt.report(report))
    },
    onSetback: (reason: string) => {
      tools.onSetback?.(reason)
      watch.hear(attempt.restart())
    },
    ...(checkpoints && { checkpoints: checkpoints.on({ dataVersion, ratings }) }),
  }
  try {
    return await work.trainModel({ ratings, attributes, spec, backend, hooks, gate })
  } catch (error) {
    if (endsJob(error, watch.state)) await checkpoints?.clear()
    throw watch.errorOf(error)
  }
}

/** Whether no later attempt goes on from here; a signal may also mean a worker that shuts down. */
function endsJob(error: unknown, state: AttemptState): boolean {
  if (state !== 'newest') return state === 'cancelled'
  return isFinal(error) && !(error instanceof MarqueeError && error.code === 'cancelled')
}

/** The card of a training: what is known of the fit, and what was measured. */
export function cardOf(
  {
    jobId,
    version,
    ratings,
    dataVersion,
    live,
    newestImport,
  }: Omit<Publication, 'spec' | 'promote' | 'askedBy' | 'signal' | 'attributes'>,
  { fit, measurement, refit }: Training,
): UnsealedCard {
  const { ratingScale, likedFrom } = fit.model
  const lists = measurement?.lists
  return {
    version,
    createdAt: new Date().toISOString(),
    jobId,
    ...fit.run,
    data: {
      version: dataVersion,
      ratings: ratings.rating.length,
      users: ratings.users.size,
      movies: ratings.movies.size,
      live: [...live],
      ...(newestImport !== undefined && { newestImport }),
      trainRows: fit.trainRows,
      validRows: measurement?.rows ?? 0,
    },
    ...{ ratingScale: [...ratingScale], likedFrom },
    refit: refit && {
      rows: refit.trainRows,
      epochs: refit.keptEpochs,
      seconds: refit.run.trainSeconds + (refit.run.rankingSeconds ?? 0),
    },
    metrics: measurement?.errors ?? null,
    rankingMetrics:
      lists && lists.users > 0
        ? {
            'ndcg@10': lists.ndcg!,
            'recall@10': lists.recall!,
            'hit@10': lists.hit!,
            users: lists.users,
          }
        : null,
    baselines: measurement?.baselines ?? null,
    losesToBiases: measurement?.baselines ? losesToBiases(measurement) : null,
    intervals: measurement?.intervalCoverage ?? null,
  }
}
