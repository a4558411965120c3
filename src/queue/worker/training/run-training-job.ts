import { MarqueeError } from '../../../errors.ts'
import type { ModelCard } from '../../../model/card.ts'
import type { EpochReport } from '../../../model/epoch-report.ts'
import { encodeModel } from '../../../model/file/model-file.ts'
import type { Model } from '../../../model/model.ts'
import { withoutErasedUsers } from '../../../storage/erasures/erase-models.ts'
import type { UnsealedCard } from '../../../storage/model-registry.ts'
import type { TrainingMaterial } from '../../../storage/training-material.ts'
import { planTraining } from '../../../training/progress/plan-training.ts'
import { sizesOf } from '../../../training/progress/work.ts'
import { losesToBiases } from '../../../training/promotion/judge.ts'
import { reportOf } from '../../../training/report/report.ts'
import type { Training } from '../../../training/train.ts'
import { isFinal } from '../../job-failure.ts'
import type { PayloadOf } from '../../job-request.ts'
import type { Published } from '../../job-schema.ts'
import {
  type Attempt,
  type AttemptState,
  beginOrRefuse,
  claimOrRefuse,
  watchAttempt,
} from '../attempt.ts'
import { type JobTask, type JobTools, loadFolded } from '../job-tools.ts'
import { fixStart, type JobStart } from './job-start.ts'
import { openGate, type PromotionGate } from './open-gate.ts'

/**
 * Trains and publishes; resolves once the job's version is published, by this attempt or another.
 * An attempt that is not the newest any more, or whose job was cancelled, never publishes.
 */
export async function runTrainingJob(
  { id, payload, signal }: JobTask<PayloadOf<'train'>>,
  tools: JobTools,
): Promise<Published> {
  const { spec, promote, askedBy, version, warmStart } = payload
  const earlier = await resumePublication(version, tools)
  if (earlier) return publishedOf(earlier)
  const attempt = await beginOrRefuse(tools)
  const start = await fixStart(id, warmStart, tools)
  const material = await loadFolded(tools)
  const asked = { jobId: id, version, spec, promote, askedBy, signal, start }
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
    /** From what it starts; null, and not there, from nothing. */
    readonly start?: JobStart
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
  const gate = await openGate(publication, tools, (promotion) => {
    attempt.reportPromotion(promotion).catch(() => {})
  })
  const training = await trainWatched(publication, tools, attempt, gate)
  tools.meter?.begin('publish')
  const trained = cardOf(publication, training)
  const encoded = async (model: Model) => {
    const known = await withoutErasedUsers(tools.store, model, publication.live)
    return encodeModel(known, { version: trained.version, algorithm: trained.spec.algorithm })
  }
  const tensors = await encoded(training.model)
  const start = await encoded(training.fit.start!)
  await claimOrRefuse(attempt)
  const promotion = await gate.decide(training)
  const card = { ...trained, asked: publication.spec, promotion }
  await registry.publish({ tensors, start, report: reportOf(training) }, card, attempt.number)
  if (card.losesToBiases) tools.onLoss?.(card)
  tools.onPromotion?.(card.version, promotion)
  // No batch may choose its model between what is looked up here and what is removed.
  await tools.exclusively(() => registry.prune(modelsKept))
  await tools.checkpoints?.clear()
  return card
}

/** Trains, but stops as soon as the attempt no longer counts. */
async function trainWatched(
  { spec, signal, start, ratings, attributes, dataVersion }: Publication,
  { work, backend, checkpoints, meter, onEngine, ...tools }: JobTools,
  attempt: Attempt,
  gate: PromotionGate,
): Promise<Training> {
  const watch = watchAttempt(signal)
  const kept = checkpoints?.on({ dataVersion, ratings })
  meter?.plan(planTraining(sizesOf(ratings), spec, backend, gate.serving))
  const hooks = {
    signal: watch.signal,
    ...(meter && { meter }),
    ...(onEngine && { onEngine }),
    onEpoch: (report: EpochReport) => {
      tools.onEpoch?.(report)
      watch.hear(attempt.report(report))
    },
    onSetback: (reason: string) => {
      tools.onSetback?.(reason)
      watch.hear(attempt.restart())
    },
    onStart: (from: string | null, reason: string | null) => tools.onStart?.(from, reason),
    ...(kept && {
      checkpoints: {
        load: kept.load,
        get intervalMs() {
          return kept.intervalMs
        },
        async save(parts: readonly Uint8Array[], epochs: number) {
          await kept.save(parts, epochs)
          watch.hear(attempt.noteCheckpoint(epochs))
        },
      },
    }),
  }
  const task = { ratings, attributes, spec, backend, hooks }
  try {
    return await work.trainModel({ ...task, gate, ...(start && { start }) })
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
    damaged = [],
  }: Omit<Publication, 'spec' | 'promote' | 'askedBy' | 'signal' | 'attributes' | 'start'>,
  { fit, measurement, refit, warmStart }: Training,
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
      ...(damaged.length > 0 && { leftOut: damaged.map(({ key }) => key) }),
      trainRows: fit.trainRows,
      validRows: measurement?.rows ?? 0,
    },
    ...{ ratingScale: [...ratingScale], likedFrom },
    refit: refit && {
      rows: refit.trainRows,
      epochs: refit.keptEpochs,
      seconds: refit.run.trainSeconds + (refit.run.rankingSeconds ?? 0),
    },
    ...(warmStart && { warmStart }),
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
