import type { ModelCard } from '../../model/card.ts'
import type { EpochReport } from '../../model/epoch-report.ts'
import type { Promotion } from '../../model/promotion.ts'
import type { LearningRateSearch } from '../../model/spec/learning-rate-search.ts'
import type { BatchAsked, OpenBatch } from '../../serving/batch/open-batch.ts'
import type { ModelRegistry } from '../../storage/model-registry.ts'
import type { ObjectStore } from '../../storage/object-store.ts'
import type { LiveMark } from '../../storage/segments/live-marks.ts'
import type { Damage } from '../../storage/segments/load-segments.ts'
import type { TrainingMaterial } from '../../storage/training-material.ts'
import type { BackendPreference } from '../../training/engines/engine.ts'
import type { LearningRateSearchTask } from '../../training/learning-rate/search-learning-rate.ts'
import type { ProgressMeter } from '../../training/progress/meter.ts'
import type { Training, TrainingTask } from '../../training/train.ts'
import type { TrialOutcome } from '../../training/tuning/run-trial.ts'
import type { Begun } from './attempt.ts'
import type { JobCheckpoints } from './job-checkpoints.ts'
import type { JobParts } from './parts/job-parts.ts'

/** Parts of a job that have nothing to do with the queue; tests put quicker ones in their place. */
export type JobWork = {
  loadMaterial(store: ObjectStore, upTo?: readonly LiveMark[]): Promise<TrainingMaterial>
  trainModel(task: TrainingTask): Promise<Training>
  runTrial(task: TrainingTask): Promise<TrialOutcome>
  searchLearningRate(task: LearningRateSearchTask): Promise<LearningRateSearch>
  openBatch(registry: ModelRegistry, batch: BatchAsked): Promise<OpenBatch>
}

/** Everything outside of itself that a job uses. */
export type JobTools = {
  work: JobWork
  store: ObjectStore
  registry: ModelRegistry
  backend: BackendPreference
  /** Folds the live events there are; gives up to which the job's data go, in every attempt. */
  foldLive?(): Promise<readonly LiveMark[]>
  /** Does what no erasure, nor another that asks for the same, may do meanwhile. */
  exclusively<T>(work: () => Promise<T>): Promise<T>
  /** Takes the next attempt number, or says why this worker may not. */
  begin(): Promise<Begun>
  /** Told how far the job is; its rates are of this machine. */
  meter?: ProgressMeter
  /** Told what the job trains on, once that is known. */
  onEngine?(engine: { readonly name: string; readonly device: string }): void
  /** Told of each epoch of a training. */
  onEpoch?(epoch: EpochReport): void
  /** Told from which model's vectors a training starts, or why from nothing. */
  onStart?(from: string | null, reason: string | null): void
  /** Told which segments of its data a job leaves out. */
  onDamage?(damaged: readonly Damage[]): void
  /** Told why a training begins anew on the next engine. */
  onSetback?(reason: string): void
  /** Told of a model that was published though it loses to the damped biases. */
  onLoss?(card: Pick<ModelCard, 'version' | 'metrics' | 'baselines'>): void
  /** Told what was decided of a model that was published. */
  onPromotion?(version: string, promotion: Promotion): void
  /** The job's own; none, and an attempt after a kill starts anew. */
  checkpoints?: JobCheckpoints
}

/** The same of a job that other workers do parts of. */
export type PartedJobTools = JobTools & {
  /** The parts of the job, done by any workers. */
  parts: JobParts
  /** About so many movies are named in a part of a batch. */
  partRows: number
  /** How many jobs of this kind the workers that are there may do at once. */
  workers(): Promise<number>
}

/** Everything that was imported and, as the job was first taken up, told. */
export async function loadFolded({
  work,
  store,
  foldLive,
  meter,
  onDamage,
}: JobTools): Promise<TrainingMaterial> {
  meter?.begin('load')
  const upTo = await foldLive?.()
  const watched = meter ? await watchedStore(store, meter) : store
  const material = await work.loadMaterial(watched, upTo)
  meter?.resize(material.ratings.rating.length)
  if (material.damaged?.length) onDamage?.(material.damaged)
  return material
}

/** The store, whose reading of ratings is what the meter counts. */
async function watchedStore(store: ObjectStore, meter: ProgressMeter): Promise<ObjectStore> {
  const keys = await store.list('ratings/')
  const sizes = await Promise.all(keys.map((key) => sizeOf(store, key)))
  const total = sizes.reduce((sum, size) => sum + size, 0)
  let read = 0
  meter.resize(0, { unit: 'bytes', total })
  return {
    ...store,
    async get(key) {
      const bytes = await store.get(key)
      read += key.startsWith('ratings/') ? (bytes?.length ?? 0) : 0
      meter.advance(mostOfLoading * Math.min(1, read / total))
      return bytes
    },
  }
}

/** What was read is then put together. */
const mostOfLoading = 0.5

async function sizeOf(store: ObjectStore, key: string): Promise<number> {
  const stored = await store.open(key)
  await stored?.close()
  return stored?.size ?? 0
}

/** A job as its runner gets it. */
export type JobTask<Payload> = { id: string; payload: Payload; signal: AbortSignal }
