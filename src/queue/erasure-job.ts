import type { Queue } from 'bullmq'
import { z } from 'zod'
import { reqIdSchema } from './job-request.ts'

/** A job that does an erasure; whom it is of stands in the receipt alone. */
export const erasurePayloadSchema = z.strictObject({
  kind: z.literal('erase'),
  erasure: z.string(),
  reqId: reqIdSchema.optional(),
})
export type ErasurePayload = z.infer<typeof erasurePayloadSchema>

const retries = { attempts: 5, backoff: { type: 'exponential', delay: 1_000, jitter: 0.5 } }

/** The id of the job of an erasure. */
export function erasureJobId(erasure: string): string {
  return `erase-${erasure}`
}

/** Queues an erasure, unless it is queued or running; nothing is kept of it once it has ended. */
export async function addErasure(queue: Queue, erasure: string, reqId?: string): Promise<void> {
  const payload: ErasurePayload = { kind: 'erase', erasure, ...(reqId !== undefined && { reqId }) }
  const jobId = erasureJobId(erasure)
  await queue.add(payload.kind, payload, {
    ...retries,
    jobId,
    removeOnComplete: true,
    removeOnFail: true,
  })
}
