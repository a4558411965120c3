import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import type { ObjectStore } from '../storage/object-store.ts'
import { type LiveMark, seqIn } from '../storage/segments/live-marks.ts'
import type { LiveEvent, LiveListener, LivePosition } from './live-event.ts'
import type { LiveKeys } from './live-keys.ts'
import { newestPosition } from './scripts.ts'
import { giveStoredEvents } from './segment-events.ts'
import { readEntry, type StreamEntry, seqOf } from './stream-entry.ts'

/** How long Redis holds a question for events that are not there yet. */
const blockMs = 1_000
const pauseMs = 1_000
const eventsAtOnce = 1_000

export type FollowerOptions = {
  /** Its own, since questions wait on it for events; its commands fail where Redis is away. */
  readonly redis: Redis
  readonly keys: LiveKeys
  readonly store: ObjectStore
  readonly listener: LiveListener
  /** Up to where the data of the serving model go: what comes after is given. */
  readonly lacking: () => readonly LiveMark[]
  readonly logger: Logger
}

/** Why all events are given again, from the first. */
class BrokenOff extends Error {}
/** Redis gave no answer. */
class RedisAway extends Error {}

/**
 * Gives a listener the events that the serving model's data lack: from the segments, then from the
 * stream as they come. Where numbers are missing (a trimmed stream), go back or belong to another
 * epoch (another or an empty Redis), all begins anew with the segments. While Redis is away, what
 * was taken stays.
 */
export class LiveFollower {
  readonly #options: FollowerOptions
  /** Up to where the segments went when they were given. */
  #marks: readonly LiveMark[] = []
  #position: LivePosition | null = null
  /** The newest entry taken: after an outage it must still be there. */
  #newest: StreamEntry | null = null
  /** Id of the entry before which numbers were missing when all was last given anew. */
  #missingBefore = ''
  #waiting: { readonly position: LivePosition; resolve(): void }[] = []
  #isAskedAnew = false
  #isClosed = false
  #wake: () => void = () => {}
  #done: Promise<void> = Promise.resolve()

  constructor(options: FollowerOptions) {
    this.#options = options
    options.redis.on('ready', () => this.#wake())
  }

  /** Follows until `close`; resolves once the segments were given, whether Redis is there or not. */
  start(): Promise<void> {
    return new Promise((resolve) => {
      this.#done = this.#follow(resolve)
    })
  }

  /** Gives all events again within a second, from the first that the serving model's data lack. */
  restart(): void {
    this.#isAskedAnew = true
  }

  /** Resolves when the listener has taken the position, or it belongs to a Redis that is gone. */
  taken(position: LivePosition): Promise<void> {
    if (this.#hasTaken(position) || this.#isClosed) return Promise.resolve()
    return new Promise((resolve) => this.#waiting.push({ position, resolve }))
  }

  /** Gives no more. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#options.redis.disconnect()
    this.#wake()
    for (const { resolve } of this.#waiting.splice(0)) resolve()
    await this.#done
  }

  async #follow(onStored: () => void): Promise<void> {
    const { redis, logger } = this.#options
    let isBegun = false
    while (!this.#isClosed)
      try {
        if (!isBegun) await this.#begin()
        isBegun = true
        onStored()
        await this.#connect()
        while (!this.#isClosed) await this.#read()
      } catch (error) {
        if (this.#isClosed) break
        if (error instanceof RedisAway) {
          // A connection that is silent is no better than none.
          if (redis.status === 'ready') redis.disconnect(true)
          await this.#pause()
          continue
        }
        isBegun = false
        if (error instanceof BrokenOff)
          logger.info({ reason: error.message }, 'The live events are read anew.')
        else {
          logger.error({ err: error }, 'The live events cannot be followed.')
          onStored()
          await this.#pause()
        }
      }
    onStored()
  }

  /** Gives what the segments have. */
  async #begin(): Promise<void> {
    const { store, listener, lacking } = this.#options
    this.#isAskedAnew = false
    this.#position = null
    this.#newest = null
    const lacked = lacking()
    listener.restart()
    this.#marks = await giveStoredEvents(store, lacked, (events) => listener.take(events))
  }

  /** Finds where the stream goes on. */
  async #connect(): Promise<void> {
    while (!this.#position) {
      const newest = await this.#newestPosition()
      if (newest) this.#moveTo({ epoch: newest.epoch, seq: seqIn(this.#marks, newest.epoch) })
      else await this.#first()
      if (this.#isClosed) return
    }
    if (!this.#newest) return
    const [id] = this.#newest
    const { redis, keys } = this.#options
    const [entry] = await answered(redis.xrange(keys.events, id, id))
    if (entry?.[1].join() !== this.#newest[1].join())
      throw new BrokenOff('Redis was away and has other events now.')
  }

  /** Waits for the first event of all, but not for ever. */
  async #first(): Promise<void> {
    const { redis, keys } = this.#options
    const read = redis.xread('COUNT', 1, 'BLOCK', blockMs, 'STREAMS', keys.events, '0-0')
    // Events of which Redis has no number are none yet: the next one numbers them.
    if ((await answered(read)) && !(await this.#newestPosition())) await this.#pause()
  }

  /** Takes what is there after the position, or looks after a while whether it still holds. */
  async #read(): Promise<void> {
    if (this.#isAskedAnew || !this.#position) throw new BrokenOff('Another model serves.')
    const { redis, keys } = this.#options
    const from = `${this.#position.seq}-0`
    const streams = await answered(
      redis.xread('COUNT', eventsAtOnce, 'BLOCK', blockMs, 'STREAMS', keys.events, from),
    )
    const [stream] = streams ?? []
    if (stream) this.#take(stream[1])
    else await this.#check(this.#position)
  }

  #take(entries: readonly StreamEntry[]): void {
    const next: LiveEvent[] = []
    let { epoch, seq } = this.#position!
    let missing: StreamEntry | undefined
    for (const entry of entries) {
      const isNext = entry[1][0] === epoch && seqOf(entry) === seq + 1
      if (!isNext && entry[0] !== this.#missingBefore) {
        missing = entry
        break
      }
      const { event } = readEntry(entry)
      if (!isNext) this.#tellLost(event)
      epoch = event.epoch
      seq = event.seq
      next.push(event)
    }
    if (next.length > 0) {
      this.#options.listener.take(next)
      this.#newest = entries[next.length - 1]!
      this.#moveTo({ epoch, seq })
    }
    if (!missing) return
    this.#missingBefore = missing[0]
    throw new BrokenOff(`The stream goes on with ${missing[0]} after ${seq}.`)
  }

  #tellLost({ seq }: LiveEvent): void {
    this.#options.logger.error(
      { from: this.#position!.seq + 1, to: seq - 1 },
      'Live events are lost: neither the stream nor a segment has them.',
    )
  }

  /** A stream that began anew never goes on from here. */
  async #check({ epoch, seq }: LivePosition): Promise<void> {
    const newest = await this.#newestPosition()
    if (newest?.epoch !== epoch) throw new BrokenOff('Redis has another epoch.')
    if (newest.seq < seq && seq > seqIn(this.#marks, epoch))
      throw new BrokenOff(`Redis has only ${newest.seq} events, ${seq} were read.`)
  }

  #newestPosition(): Promise<LivePosition | null> {
    return answered(newestPosition(this.#options.redis, this.#options.keys))
  }

  #moveTo(position: LivePosition): void {
    this.#position = position
    const waits = ({ position: { epoch, seq } }: { position: LivePosition }) =>
      epoch === position.epoch && seq > position.seq
    const over = this.#waiting.filter((waiter) => !waits(waiter))
    if (over.length === 0) return
    this.#waiting = this.#waiting.filter(waits)
    for (const { resolve } of over) resolve()
  }

  #hasTaken({ epoch, seq }: LivePosition): boolean {
    return this.#position?.epoch === epoch && this.#position.seq >= seq
  }

  /** A second, or until Redis is back. */
  #pause(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, pauseMs)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}

function answered<T>(answer: Promise<T>): Promise<T> {
  return answer.catch((error: unknown) => {
    throw new RedisAway('Redis gave no answer.', { cause: error })
  })
}
