import { Job, type Queue } from 'bullmq'
import type { BatchSpec } from '../../model/spec/batch-spec.ts'
import { keepFinished } from '../job-keys.ts'
import { queuedWith } from '../job-priorities.ts'
import { type JobRequest, type Payload, payloadOf, workOf } from '../job-request.ts'
import { identityOf, newJobId, newVersion } from './job-identity.ts'

const backoff = { type: 'exponential', delay: 1_000 }

export type Added = { outcome: 'queued'; job: Job<Payload> } | { outcome: 'duplicate'; id: string }

export type AddOptions = {
  /** The imports and live events that there are. */
  dataVersion: string
  /** How often the job is tried that fails by a fault and does not get further. */
  attempts: number
  /** The key that asks for it, as it may be written down. */
  askedBy?: string | null
  /** The id of the request that asks for it. */
  reqId?: string | undefined
  /** The schedule that asks for it. */
  schedule?: string
  /** A hash of who is asked for by id: a job for others is another. */
  asked?: string | null
  /** What is in the file that it answers for. */
  input?: BatchSpec['asked']
  /** The job's own, drawn unless given; a job that has it already is left as it is. */
  id?: string
}

let last = 0

/** The time, unlike that of any job before it from this process: lists go by it. */
function laterThanLast(): number {
  last = Math.max(Date.now(), last + 1)
  return last
}

/** Queues a job, unless an identical one is queued or running: then that one's id. */
export async function addJob(
  queue: Queue<Payload>,
  request: JobRequest,
  options: AddOptions,
): Promise<Added> {
  const { dataVersion, attempts, schedule, reqId, asked, input } = options
  const { askedBy = null, id = newJobId() } = options
  const asking =
    schedule === undefined ? { askedBy } : { askedBy: `schedule:${schedule}`, schedule }
  const traced = reqId === undefined ? asking : { ...asking, reqId }
  const common = { version: newVersion(), dataVersion, ...traced }
  const payload = payloadOf(request, common, input)
  const job = await queue.add(payload.kind, payload, {
    jobId: id,
    attempts,
    backoff,
    priority: queuedWith(request.priority),
    timestamp: laterThanLast(),
    deduplication: { id: identityOf({ ...workOf(payload), ...(asked && { asked }) }, dataVersion) },
    removeOnComplete: keepFinished,
    removeOnFail: keepFinished,
  })
  if (job.id !== id) return { outcome: 'duplicate', id: job.id! }
  // Of two that ask at once for a job with one file, one finds the other's under its id.
  const kept = input ? await Job.fromId<Payload>(queue, id) : undefined
  if (kept && kept.data.version !== payload.version) return { outcome: 'duplicate', id }
  return { outcome: 'queued', job }
}
