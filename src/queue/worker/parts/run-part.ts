import { MarqueeError } from '../../../errors.ts'
import { jobKeys } from '../../job-keys.ts'
import type { PartPayload } from '../../job-part.ts'
import { payloadSchema } from '../../job-request.ts'
import type { PartTools } from './part-tools.ts'
import { runBatchPart } from './run-batch-part.ts'
import { runTrialPart } from './run-trial-part.ts'

/** Does a part of a job; what comes back is what the job collects. */
export async function runPart(part: PartPayload, tools: PartTools): Promise<object> {
  const { redis, prefix } = tools
  const keys = jobKeys(prefix, part.of)
  const [data, isCancelled] = await Promise.all([
    redis.hget(keys.job, 'data'),
    redis.exists(keys.cancelled),
  ])
  const payload = payloadSchema.safeParse(JSON.parse(data ?? 'null'))
  if (isCancelled === 1 || !payload.success)
    throw new MarqueeError('cancelled', 'The job that it is a part of was cancelled.')
  switch (payload.data.kind) {
    case 'recommend-all':
      return runBatchPart(part, payload.data, tools)
    case 'tune':
      return runTrialPart(part, payload.data, tools)
    default:
      throw new MarqueeError('invalid-request', 'The part is of a job that has none.')
  }
}
