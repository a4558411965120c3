import type { PayloadOf } from '../payload.ts'
import { beginOrRefuse } from './attempt.ts'
import type { JobTask, JobTools } from './job-tools.ts'
import { isPublished, trainAndPublish } from './publish-training.ts'

/**
 * Trains and publishes; resolves once the job's version is published, by this attempt or another.
 * An attempt that is not the newest any more, or whose job was cancelled, never publishes.
 */
export async function runTrainingJob(
  { id, payload, signal }: JobTask<PayloadOf<'train'>>,
  tools: JobTools,
): Promise<void> {
  const { spec, version } = payload
  if (await isPublished(version, tools)) return
  const attempt = await beginOrRefuse(tools)
  const material = await tools.loadMaterial()
  await trainAndPublish({ jobId: id, version, spec, signal, ...material }, tools, attempt)
}
