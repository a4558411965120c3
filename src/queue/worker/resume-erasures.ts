import { Queue } from 'bullmq'
import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import { unfinishedReceipts } from '../../storage/erasures/receipts.ts'
import type { ObjectStore } from '../../storage/object-store.ts'
import { addErasure } from '../erasure-job.ts'
import { queueName } from '../job-keys.ts'

const intervalMs = 60_000

/**
 * Queues the erasures that have a receipt and are not done, now and every minute: their jobs may be
 * lost with Redis, or have failed. Gives the way to stop.
 */
export function resumeErasures(
  connection: Redis,
  prefix: string,
  { store, logger }: { store: ObjectStore; logger: Logger },
): () => void {
  const queue = new Queue(queueName, { connection, prefix, skipMetasUpdate: true })
  queue.on('error', () => {})
  const unfinished = unfinishedReceipts(store)
  const resume = async () => {
    for (const { id } of await unfinished()) await addErasure(queue, id)
  }
  const look = () => {
    resume().catch((error: unknown) => logger.warn({ err: error }, 'An erasure has to wait.'))
  }
  look()
  const timer = setInterval(look, intervalMs).unref()
  return () => clearInterval(timer)
}
