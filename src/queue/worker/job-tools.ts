import type { EpochReport } from '../../model/card.ts'
import type { LearningRateSearch } from '../../model/spec/learning-rate-search.ts'
import type { SteppedSpec, TrainingSpec } from '../../model/spec/training-spec.ts'
import type { ModelRegistry } from '../../storage/model-registry.ts'
import type { TrainingMaterial } from '../../storage/training-material.ts'
import type { LearningRateSearchHooks } from '../../training/learning-rate/search-learning-rate.ts'
import type { TrainingHooks, TrainingResult, TrainingTask } from '../../training/train.ts'
import type { Attempt, AttemptState } from './fence.ts'
import type { JobCheckpoints } from './job-checkpoints.ts'

/** What a training learns from. */
export type TrainingInput = Pick<TrainingTask, 'ratings' | 'attributes'>

/** What a job needs of the outside. */
export type JobTools = {
  registry: ModelRegistry
  /** Takes the next attempt number, or says why this worker may not. */
  begin(): Promise<Attempt | Exclude<AttemptState, 'newest'>>
  loadMaterial(): Promise<TrainingMaterial>
  train(input: TrainingInput, spec: TrainingSpec, hooks: TrainingHooks): Promise<TrainingResult>
  findLearningRate(
    input: TrainingInput,
    spec: SteppedSpec,
    hooks: LearningRateSearchHooks,
  ): Promise<LearningRateSearch>
  onEpoch(report: EpochReport): void
  /** Told why a training begins anew on the next engine. */
  onSetback?(reason: string): void
  /** The job's own; none, and an attempt after a kill starts anew. */
  checkpoints?: JobCheckpoints
}

/** A job as its runner gets it. */
export type JobTask<Payload> = { id: string; payload: Payload; signal: AbortSignal }
