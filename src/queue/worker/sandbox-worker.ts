import { setTimeout as sleep } from 'node:timers/promises'
import { type ChildPool, DelayedError, Job, Worker, type WorkerOptions } from 'bullmq'
import type { PartPayload } from '../job-part.ts'
import type { Payload } from '../job-request.ts'
import { endingSoon } from './job-checkpoints.ts'

const cancelPollMs = 300
const cancelGraceMs = 3_000
/** The process of a part, or of a job with parts, waits so long for the next: it has the data in memory. */
const keptMs = 10_000
/** A job that was left to other workers is offered again after so long. */
const leftMs = 2_000

/** Follows what the child of a job tells, whatever that is, until it is stopped. */
type Followed = { hear(told: unknown): void; stop(): void }

/**
 * BullMQ's worker with what it lacks: each job has a process of its own, so that nothing of it
 * stays behind, but parts of one job that come one after the other have one together; a job is cancelled from anywhere; a training can be ended or handed back at any
 * time; and a job stays with its worker while Redis is full or away.
 */
export class SandboxWorker extends Worker<Payload> {
  readonly #isCancelled: (id: string) => Promise<boolean>
  readonly #follow: ((job: Job<Payload>, token: string) => Followed | null) | undefined
  readonly #leave: ((job: Job<Payload>, token: string) => Promise<boolean>) | undefined
  readonly #untilWritable: (isOver: () => boolean) => Promise<void>
  readonly #keepLock: (id: string, token: string, ms: number) => Promise<boolean>
  readonly #wakeIdle: () => Promise<unknown>
  #current: { job: Job<Payload>; token: string } | null = null
  /** The job that the waiting process did a part of. */
  #kept: { readonly whole: string; readonly timer: NodeJS.Timeout } | null = null

  constructor(
    name: string,
    processorFile: URL,
    options: WorkerOptions & {
      isCancelled(id: string): Promise<boolean>
      /** Whether a job is to be left to other workers, as this one lacks what it needs. */
      leave?(job: Job<Payload>, token: string): Promise<boolean>
      /** Follows the progress of a job that begins here; null where it has none. */
      follow?(job: Job<Payload>, token: string): Followed | null
      /** Resolves once Redis takes writes, or it is over. */
      untilWritable(isOver: () => boolean): Promise<void>
      /** Keeps the lock of a job, or takes it again where nobody else has it; false where one has. */
      keepLock(id: string, token: string, ms: number): Promise<boolean>
      /** Has a worker that waits look for jobs: BullMQ tells none of one with a priority put back. */
      wakeIdle(): Promise<unknown>
    },
  ) {
    const { isCancelled, follow, untilWritable, keepLock, wakeIdle, leave, ...rest } = options
    super(name, processorFile, { ...rest, autorun: false })
    failWhatDiesStarting(this['childPool'])
    this.#isCancelled = isCancelled
    this.#follow = follow
    this.#leave = leave
    this.#untilWritable = untilWritable
    this.#keepLock = keepLock
    this.#wakeIdle = wakeIdle
  }

  override async extendJobLocks(ids: string[], tokens: string[], ms: number): Promise<string[]> {
    const kept = await Promise.all(ids.map((id, i) => this.#keepLock(id, tokens[i]!, ms)))
    return ids.filter((_, i) => !kept[i])
  }

  protected override async callProcessJob(job: Job<Payload>, token: string, signal?: AbortSignal) {
    if (await this.#leave?.(job, token)) {
      await job.moveToDelayed(Date.now() + leftMs, token)
      throw new DelayedError()
    }
    const whole = wholeOf(job)
    clearTimeout(this.#kept?.timer)
    if (whole === null || this.#kept?.whole !== whole) this.endTraining()
    this.#kept = null
    this.#current = { job, token }
    const stopWatching = this.#watchForCancel(job.id!)
    const followed = this.#follow?.(job, token)
    // BullMQ would write it, and fail the job where Redis is full; followed, it is told anyway.
    job.updateProgress = async (told) => followed?.hear(told)
    const ended = () => this.#untilWritable(() => this.closing !== undefined)
    try {
      const result = await super.callProcessJob(job, token, signal)
      if (isPart(job) && !this.closing) this.#keep(whole!)
      await ended()
      return result
    } catch (error) {
      const waits = (error as Error).name === 'WaitingChildrenError'
      if (waits && !this.closing) this.#keep(job.id!)
      if (!this.closing) await ended()
      // Where it got further, its attempts are counted anew; BullMQ goes by what it read before.
      if (!this.closing)
        job.attemptsMade = (await Job.fromId(this, job.id!))?.attemptsMade ?? job.attemptsMade
      throw error
    } finally {
      stopWatching()
      followed?.stop()
      this.#current = null
      if (!this.#kept) this.endTraining()
    }
  }

  #keep(whole: string): void {
    const timer = setTimeout(() => {
      this.#kept = null
      if (!this.#current) this.endTraining()
    }, keptMs).unref()
    this.#kept = { whole, timer }
  }

  /** Id of the job that runs here; null when none does. */
  get currentId(): string | null {
    return this.#current?.job.id ?? null
  }

  /** Tells the training that runs here to keep its progress from now on. */
  tellEnd(): void {
    for (const child of this.#children()) child.send(endingSoon).catch(() => {})
  }

  /** Kills the process of the training that runs here, if one does. */
  endTraining(): void {
    for (const child of this.#children()) this['childPool'].kill(child).catch(() => {})
  }

  /** Private in BullMQ, whose version is pinned: it offers no way to end a child. */
  #children() {
    const pool = this['childPool']
    return [...Object.values(pool.retained), ...pool.getAllFree()]
  }

  /** Puts the job that runs here back to the front of the queue, without counting a failure. */
  async handBack(): Promise<void> {
    const current = this.#current
    if (!current) return
    try {
      await current.job.moveToWait(current.token)
      await this.#wakeIdle()
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
 * The id of the job whose process may go on with this one: it is a part of that job, or the job itself
 * and needs little memory of its own.
 */
function wholeOf({ id, data }: Job<Payload | PartPayload>): string | null {
  if (data.kind === 'part') return data.of
  return data.kind === 'recommend-all' ? id! : null
}

function isPart({ data }: Job<Payload | PartPayload>): boolean {
  return data.kind === 'part'
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
