import type { LearningRateSearch } from '../../model/spec/learning-rate-search.ts'
import type { Payload } from '../payload.ts'
import type { JobTask, JobTools } from './job-tools.ts'
import { runLearningRateJob } from './run-learning-rate-job.ts'
import { runTrainingJob } from './run-training-job.ts'
import { runTuningJob } from './run-tuning-job.ts'

/** Does what a job asks for; what comes back is kept with the job, null where nothing is. */
export async function runJob(
  { id, payload, signal }: JobTask<Payload>,
  tools: JobTools,
): Promise<LearningRateSearch | null> {
  switch (payload.kind) {
    case 'train':
      await runTrainingJob({ id, payload, signal }, tools)
      return null
    case 'find-rate':
      return runLearningRateJob({ id, payload, signal }, tools)
    case 'tune':
      await runTuningJob({ id, payload, signal }, tools)
      return null
  }
}
