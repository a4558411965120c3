import { randomBytes } from 'node:crypto'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { MarqueeError } from '../../src/errors.ts'
import { createLogger } from '../../src/logger.ts'
import type { EngineReport } from '../../src/model/engine-report.ts'
import type { KeptEvent } from '../../src/queue/job-events-store.ts'
import { type JobKeys, jobKeys } from '../../src/queue/job-keys.ts'
import type { TrainingJob } from '../../src/queue/job-schema.ts'
import { openTrainingQueue, type TrainingQueue } from '../../src/queue/producer/training-queue.ts'
import type { WorkKind } from '../../src/queue/work-kinds.ts'
import { startTrainingWorker, type TrainingWorker } from '../../src/queue/worker/worker.ts'
import { createFileStore } from '../../src/storage/file-store.ts'
import { createModelRegistry, type ModelRegistry } from '../../src/storage/model-registry.ts'
import { inFolder } from '../../src/storage/open-store.ts'
import { removeFolder } from '../support/remove-folder.ts'

/** A queue under a prefix of its own, with a store; all of it is gone when the test ends. */
export type QueueBench = {
  readonly prefix: string
  readonly redisUrl: string
  readonly folder: string
  readonly queue: TrainingQueue
  readonly registry: ModelRegistry
  /** A connection of its own, to look at what is kept. */
  readonly redis: Redis
  keysOf(job: string): JobKeys
  /** A worker in this process that runs the stub training. */
  startWorker(
    lockMs?: number,
    engines?: EngineReport,
    taking?: { kinds?: WorkKind[]; concurrency?: number },
  ): Promise<TrainingWorker>
}

/** A wait that is in vain ends after so long, far above what a slow machine takes, in milliseconds. */
export const mostWaitMs = 240_000
export const logger = createLogger('silent')
const stubProcessor = new URL('./stub-processor.ts', import.meta.url)

export async function openBench(t: TestContext, redisUrl: string): Promise<QueueBench> {
  const prefix = `test-${randomBytes(6).toString('hex')}`
  const folder = await mkdtemp(join(tmpdir(), 'marquee-queue-'))
  const queue = await openTrainingQueue({ redisUrl, prefix, attempts: 2, logger })
  const redis = new Redis(redisUrl, { lazyConnect: true })
  redis.on('error', () => {})
  const workers: TrainingWorker[] = []
  t.after(async () => {
    await Promise.all(workers.map((worker) => worker.close(1_000)))
    await queue.close()
    redis.disconnect()
    await removeFolder(folder)
  })
  return {
    prefix,
    redisUrl,
    folder,
    queue,
    registry: createModelRegistry(createFileStore(folder)),
    redis,
    keysOf: (job) => jobKeys(prefix, job),
    async startWorker(lockMs = 2_000, engines, taking = {}) {
      const worker = await startTrainingWorker({
        redisUrl,
        prefix,
        store: inFolder(folder),
        backend: 'wasm',
        lockMs,
        logger,
        processorFile: stubProcessor,
        ...taking,
        ...(engines && { engines: async () => engines }),
      })
      workers.push(worker)
      return worker
    },
  }
}

/** The job that was queued; fails the test when it was not. */
export async function queued(adding: ReturnType<TrainingQueue['add']>): Promise<TrainingJob> {
  const added = await adding
  if (added.outcome !== 'queued') throw new Error(`expected a new job, got ${added.id}`)
  return added.job
}

/** All events of a job until it has ended, without its progress. */
export async function eventsToTheEnd(queue: TrainingQueue, id: string): Promise<KeptEvent[]> {
  const events: KeptEvent[] = []
  const signal = AbortSignal.timeout(mostWaitMs)
  for await (const event of queue.events(id, { signal }))
    if (event.type !== 'progress') events.push(event)
  if (events.at(-1)?.type !== 'ended')
    throw new Error(`job ${id} did not end within ${mostWaitMs / 1_000} s`)
  return events
}

/** The job as it is after its last event. */
export async function ended(queue: TrainingQueue, id: string): Promise<TrainingJob> {
  await eventsToTheEnd(queue, id)
  return (await queue.find(id))!
}

/** Resolves at the first event that is right. */
export async function eventOf(
  queue: TrainingQueue,
  id: string,
  isRight: (event: KeptEvent) => boolean,
): Promise<KeptEvent> {
  const signal = AbortSignal.timeout(mostWaitMs)
  for await (const event of queue.events(id, { signal }))
    if (event.type !== 'progress' && isRight(event)) return event
  throw new Error(`job ${id} had no such event within ${mostWaitMs / 1_000} s`)
}

/** Resolves when it is so, asking less often the longer it takes; fails after `mostWaitMs`. */
export async function until(isSo: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const end = performance.now() + mostWaitMs
  for (let waitMs = 20; performance.now() < end; waitMs = Math.min(100, waitMs * 1.1)) {
    if (await isSo()) return
    await sleep(waitMs)
  }
  throw new Error(`waited in vain until ${what}`)
}

export const hasCode = (code: string) => (error: unknown) =>
  error instanceof MarqueeError && error.code === code
