import { Job, Queue, UnrecoverableError, WaitingChildrenError } from 'bullmq'
import type { Redis } from 'ioredis'
import { expirySeconds, jobKeys, queueName } from '../../job-keys.ts'
import { type PartPayload, partId } from '../../job-part.ts'
import { withParts } from '../../job-priorities.ts'

const backoff = { type: 'exponential', delay: 1_000 }

/** A part, without what its job says. */
export type PartAsked = Omit<PartPayload, 'kind' | 'of' | 'ofKind'>

/** The parts of a job, as its runner asks for them. */
export type JobParts = {
  /**
   * What the parts have come to, by name. Where some have not ended, those that are not there are
   * queued, and it throws what has BullMQ run the job again once they have. Of one that has failed
   * for good it throws the reason, and the others are not begun.
   */
  collect(parts: readonly PartAsked[]): Promise<Map<string, unknown>>
}

/** The parts of the job that a worker has with this token. */
export function jobParts(
  redis: Redis,
  prefix: string,
  { id, token }: { readonly id: string; readonly token: string },
): JobParts {
  const queue = new Queue(queueName, { connection: redis, prefix, skipMetasUpdate: true })
  queue.on('error', () => {})
  return {
    async collect(parts) {
      const job = await Job.fromId(queue, id)
      if (!job) throw new Error('The job is gone.')
      const { waits } = jobKeys(prefix, id)
      for (;;) {
        const [reason] = Object.values(await job.getIgnoredChildrenFailures())
        if (reason !== undefined) {
          await job.removeUnprocessedChildren()
          throw new UnrecoverableError(reason)
        }
        const ended = await valuesOf(job)
        const missing = parts.filter(({ part }) => !ended.has(part))
        if (missing.length === 0) return ended
        await queue.addBulk(missing.map((part) => partJob(part, job, queue)))
        await job.changePriority({ priority: withParts(job.opts.priority) })
        // The attempt goes on with whoever takes the job up then.
        await redis.set(waits, '1', 'EX', expirySeconds)
        if (await job.moveToWaitingChildren(token)) throw new WaitingChildrenError()
        // All of them have ended meanwhile, well or not.
        await redis.del(waits)
      }
    },
  }
}

async function valuesOf(job: Job): Promise<Map<string, unknown>> {
  const start = `${job.queueQualifiedName}:${partId({ of: job.id!, part: '' })}`
  const values = Object.entries((await job.getChildrenValues()) ?? {})
  return new Map(values.map(([key, value]) => [key.slice(start.length), value]))
}

function partJob(part: PartAsked, job: Job, queue: Queue) {
  const data: PartPayload = { kind: 'part', of: job.id!, ofKind: job.data.kind, ...part }
  return {
    name: data.kind,
    data,
    opts: {
      jobId: partId(data),
      parent: { id: job.id!, queue: queue.qualifiedName },
      // The job hears of the failure at once, and says why.
      continueParentOnFailure: true,
      attempts: job.opts.attempts ?? 1,
      priority: job.opts.priority ?? 0,
      backoff,
      // What it has come to stands with the job.
      removeOnComplete: true,
      removeOnFail: true,
    },
  }
}
