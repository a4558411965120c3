import { setTimeout as sleep } from 'node:timers/promises'
import { type ChildPool, type Job, Worker, type WorkerOptions } from 'bullmq'
import type { Payload } from '../job-request.ts'
import type { FollowedProgress } from './progress/follow-progress.ts'
import type { ToldProgress } from './progress/job-meter.ts'

const cancelPollMs = 300
const cancelGraceMs = 3_000

/**
 * BullMQ's worker with what it lacks: each training has a process of its own, so that nothing of it
 * stays behind; a job is cancelled from anywhere; a training can be ended or handed back at any
 * time.
 */
export class SandboxWorker extends Worker<Payload> {
  readonly #isCancelled: (id: string) => Promise<boolean>
  readonly #follow: ((job: Job<Payload>, token: string) => FollowedProgress | null) | undefined
  #current: { job: Job<Payload>; token: string } | null = null

  constructor(
    name: string,
    processorFile: URL,
    options: WorkerOptions & {
      isCancelled(id: string): Promise<boolean>
      /** Follows the progress of a job that begins here; null where it has none. */
      follow?(job: Job<Payload>, token: string): FollowedProgress | null
    },
  ) {
    const { isCancelled, follow, ...rest } = options
    super(name, processorFile, { ...rest, autorun: false })
    failWhatDiesStarting(this['childPool'])
    this.#isCancelled = isCancelled
    this.#follow = follow
  }

  protected override async callProcessJob(job: Job<Payload>, token: string, signal?: AbortSignal) {
    this.#current = { job, token }
    const stopWatching = this.#watchForCancel(job.id!)
    const followed = this.#follow?.(job, token)
    const hear = ({ id }: Job, told: unknown) => {
      if (id === job.id) followed?.hear(told as ToldProgress)
    }
    this.on('progress', hear)
    try {
      return await super.callProcessJob(job, token, signal)
    } finally {
      stopWatching()
      this.off('progress', hear)
      followed?.stop()
      this.#current = null
      this.endTraining()
    }
  }

  /** Id of the job that runs here; null when none does. */
  get currentId(): string | null {
    return this.#current?.job.id ?? null
  }

  /** Kills the process of the training that runs here, if one does. */
  endTraining(): void {
    // Private in BullMQ, whose version is pinned: it offers no way to end a child.
    const pool = this['childPool']
    for (const child of [...Object.values(pool.retained), ...pool.getAllFree()])
      pool.kill(child).catch(() => {})
  }

  /** Puts the job that runs here back to the front of the queue, without counting a failure. */
  async handBack(): Promise<void> {
    const current = this.#current
    if (!current) return
    try {
      await current.job.moveToWait(current.token)
    } finally {
      // A process that is still starting can be killed only once it has.
      while (this.#current === current) {
        this.endTraining()
        await sleep(10)
      }
    }
  }

  /** Stops the timers that BullMQ leaves running while its close() waits for an absent Redis. */
  async abandon(): Promise<void> {
    this.endTraining()
    await this.lockManager.close()
    this['stalledCheckStopper']?.()
  }

  /** Asks the training to stop once its job is cancelled, and ends it when it does not. */
  #watchForCancel(id: string): () => void {
    let grace: NodeJS.Timeout | undefined
    const poll = setInterval(() => {
      this.#isCancelled(id).then(
        (isCancelled) => {
          if (!isCancelled || grace || this.currentId !== id) return
          this.cancelJob(id, 'cancelled')
          grace = setTimeout(() => this.endTraining(), cancelGraceMs)
        },
        () => {},
      )
    }, cancelPollMs)
    return () => {
      clearInterval(poll)
      clearTimeout(grace)
    }
  }
}

/**
 * Of a child that starts, BullMQ waits for a message or for its `close`, and hears neither once it has
 * exited: one that is killed by then, as when memory runs out, would hold its job and its worker for
 * ever. So its exit is told as its `close`; nobody listens to that once it has started.
 */
function failWhatDiesStarting(pool: ChildPool): void {
  const remove = pool.remove.bind(pool)
  pool.remove = (child) => {
    remove(child)
    const { exitCode, signalCode } = child
    if (exitCode !== null || signalCode !== null) child.emit('close', exitCode, signalCode)
  }
}
