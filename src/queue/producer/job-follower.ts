import { EventEmitter } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import { MarqueeError } from '../../errors.ts'
import type { JobProgress } from '../../model/progress.ts'
import { isPassing } from '../../redis/faults.ts'
import { isLater, type KeptEvent, readNewEvents, writeEnd } from '../job-events-store.ts'
import { jobKeys, queueName } from '../job-keys.ts'
import { readProgresses } from '../job-progress.ts'
import type { Payload } from '../job-request.ts'
import type { TrainingJob } from '../job-schema.ts'
import { answerInTime } from './answer-in-time.ts'
import { progressOf } from './job-progress-view.ts'
import type { JobRecords } from './job-records.ts'
import { stateOf } from './job-view.ts'

/** How often jobs are looked at. */
export const lookMs = 300
/** After a look that Redis did not answer. */
const pauseMs = 1_000

/** A job that somebody follows, as it was at the last look. */
export type FollowedJob = {
  /** Those of its present attempt. */
  readonly events: readonly KeptEvent[]
  readonly progress: JobProgress | null
  /** What its events are is all that there will be. */
  readonly isOver: boolean
  /** It is not there, or not any more. */
  readonly error: MarqueeError | null
  /** How often it was looked at. */
  readonly looks: number
  /** Resolves after the next look that Redis has answered, or with the signal. */
  look(signal: AbortSignal): Promise<void>
}

type Followed = { -readonly [Key in keyof FollowedJob]: FollowedJob[Key] } & {
  readonly id: string
  readonly looked: EventEmitter
  followers: number
  kind: Payload['kind'] | null
}

/**
 * Follows the jobs that anybody follows, all of them with the same few questions three times a second,
 * on the shared connection: what a follower costs, it costs this process alone. While Redis is away
 * everybody waits for it.
 */
export class JobFollower {
  readonly #redis: Redis
  readonly #prefix: string
  readonly #records: JobRecords
  readonly #jobs = new Map<string, Followed>()
  #isLooking = false
  #isClosed = false

  constructor(redis: Redis, prefix: string, records: JobRecords) {
    this.#redis = redis
    this.#prefix = prefix
    this.#records = records
  }

  /** The job, looked at until `leave`. */
  follow(id: string): { readonly job: FollowedJob; leave(): void } {
    const job = this.#jobs.get(id) ?? newlyFollowed(id)
    this.#jobs.set(id, job)
    job.followers += 1
    void this.#lookOn()
    return {
      job,
      leave: () => {
        job.followers -= 1
        if (job.followers === 0) this.#jobs.delete(id)
      },
    }
  }

  /** Looks no more; whoever follows hears nothing more. */
  close(): void {
    this.#isClosed = true
  }

  /** Looks as long as there is something to look at. */
  async #lookOn(): Promise<void> {
    if (this.#isLooking) return
    this.#isLooking = true
    while (!this.#isClosed) {
      const jobs = [...this.#jobs.values()].filter(({ isOver, error }) => !isOver && !error)
      if (jobs.length === 0) break
      const isAnswered = await answerInTime(this.#look(jobs)).then(
        () => true,
        () => false,
      )
      await sleep(isAnswered ? lookMs : pauseMs)
    }
    this.#isLooking = false
  }

  async #look(jobs: readonly Followed[]): Promise<void> {
    const keys = jobs.map(({ id }) => jobKeys(this.#prefix, id))
    const queue = (name: string) => `${this.#prefix}:${queueName}:${name}`
    const [active, waiting, prioritized, cancelled] = await Promise.all([
      this.#redis.lrange(queue('active'), 0, -1),
      this.#redis.lrange(queue('wait'), 0, -1),
      this.#redis.zrange(queue('prioritized'), '0', '-1'),
      this.#redis.mget(keys.map((one) => one.cancelled)),
    ])
    const places = new Map([...waiting.reverse(), ...prioritized].map((id, i) => [id, i + 1]))
    const running = new Set(active)
    // Asked before the events: those that are read after a job was over are all.
    const states = await Promise.all(
      jobs.map((job, i) => {
        if (job.kind !== null && cancelled[i] === null) {
          if (running.has(job.id)) return 'running' as const
          if (places.has(job.id)) return 'queued' as const
        }
        return this.#stateOf(job)
      }),
    )
    const last = jobs.map(({ events }) => events.at(-1)?.id)
    const [events, told] = await Promise.all([
      readNewEvents(this.#redis, keys, last),
      readProgresses(this.#redis, keys),
    ])
    for (const [i, job] of jobs.entries()) {
      const state = states[i]!
      if (state !== null && job.kind !== null) {
        const known = { told: told[i]!, place: places.get(job.id) ?? null }
        job.progress = progressOf(job.kind, state, known)
        take(job, state, events[i]!)
      }
      job.looks += 1
      job.looked.emit('look')
    }
  }

  /** By BullMQ's own question; an end is written. Null where there is no such job. */
  async #stateOf(job: Followed): Promise<TrainingJob['state'] | null> {
    const record = await this.#records.state(job.id)
    if (!record) {
      job.error = unknownJob(job.id)
      return null
    }
    job.kind = record.job.data.kind
    const state = stateOf(record)
    if (state === 'queued' || state === 'running') return state
    try {
      await writeEnd(this.#redis, jobKeys(this.#prefix, job.id), state)
      return state
    } catch (error) {
      // Nor does a full Redis keep others from their events.
      if (isPassing(error)) return 'running'
      throw error
    }
  }
}

function newlyFollowed(id: string): Followed {
  const looked = new EventEmitter().setMaxListeners(0)
  return {
    ...{ id, looked, followers: 0, kind: null, looks: 0 },
    ...{ events: [], progress: null, isOver: false, error: null },
    look: (signal) =>
      EventEmitter.once(looked, 'look', { signal }).then(
        () => {},
        () => {},
      ),
  }
}

function take(job: Followed, state: TrainingJob['state'], read: readonly KeptEvent[]): void {
  const last = job.events.at(-1)?.id
  // A look that was given up may be answered yet.
  const events = read.filter(({ id }) => last === undefined || isLater(id, last))
  // A new attempt begins the stream anew, and so do those who come later.
  const begun = events.findLastIndex(({ type }) => type === 'started')
  job.events = begun < 0 ? [...job.events, ...events] : events.slice(begun)
  job.isOver = state !== 'queued' && state !== 'running'
}

function unknownJob(id: string): MarqueeError {
  return new MarqueeError('unknown-job', `There is no training job "${id}".`)
}
