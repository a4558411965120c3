import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import type { ObjectStore } from '../storage/object-store.ts'
import { type LiveMark, marksOf, seqIn } from '../storage/segments/live-marks.ts'
import { segmentNames } from '../storage/segments/segment-names.ts'
import type { LiveEvent, LiveListener, LivePosition } from './live-event.ts'
import type { LiveKeys } from './live-keys.ts'
import { answered, RedisAway } from './redis-away.ts'
import { newestPosition } from './scripts.ts'
import { giveStoredEvents } from './segment-events.ts'
import { readEntry, type StreamEntry, seqOf } from './stream-entry.ts'
import { Sleeping, Waiting } from './waiting.ts'

/** How long Redis holds a question for events that are not there yet. */
const blockMs = 1_000
/** Unless Redis is back before. */
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

const lost = 'Live events are lost: neither the stream nor a segment has them.'
const askedAnew = 'All was asked for again.'
/** Why all events are given again, from the first. */
class BrokenOff extends Error {}

/**
 * Gives a listener the events that the serving model's data lack: from the segments, then from the
 * stream as they come. Where numbers are missing (a trimmed stream), go back or belong to another
 * epoch (another or an empty Redis), all begins anew with the segments. While Redis is away, what
 * was taken stays, as it does until what is given anew has caught up.
 */
export class LiveFollower {
  readonly #options: FollowerOptions
  /** Up to where the segments went when they were given. */
  #marks: readonly LiveMark[] = []
  #position: LivePosition | null = null
  /** The newest entry taken: after an outage it must still be there, or in a segment. */
  #newest: StreamEntry | null = null
  /** Id of the entry before which numbers were missing when all was last given anew. */
  #missingBefore = ''
  readonly #waiting = new Waiting()
  #isAskedAnew = false
  #restarted: (() => void)[] = []
  #isFirst = true
  /** The number of the event up to which there were some when all was last given anew. */
  #target = 0
  #isCaughtUp = false
  #isClosed = false
  readonly #sleeping = new Sleeping()
  #done: Promise<void> = Promise.resolve()

  constructor(options: FollowerOptions) {
    this.#options = options
    options.redis.on('ready', () => this.#sleeping.wake())
  }

  /** Follows until `close`; resolves once the segments were given, whether Redis is there or not. */
  start(): Promise<void> {
    return new Promise((resolve) => {
      this.#done = this.#follow(resolve)
    })
  }

  /**
   * Gives all events again within a second, from the first that the serving model's data lack;
   * resolves once it has.
   */
  restart(): Promise<void> {
    this.#isAskedAnew = true
    return new Promise((resolve) => this.#restarted.push(resolve))
  }

  /** Resolves when the listener has taken it, or it is of a Redis that is gone, or after so long. */
  async taken(position: LivePosition, mostMs: number): Promise<void> {
    const at = this.#isCaughtUp ? this.#position : null
    const isTaken = at?.epoch === position.epoch && at.seq >= position.seq
    if (!isTaken && !this.#isClosed) await this.#waiting.for(position, mostMs)
  }

  /** Gives no more. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#options.redis.disconnect()
    this.#sleeping.wake()
    this.#waiting.end()
    this.#endRestart()
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
          await this.#sleeping.sleep(pauseMs)
          continue
        }
        isBegun = false
        if (error instanceof BrokenOff)
          logger.info({ reason: error.message }, 'The live events are read anew.')
        else {
          logger.error({ err: error }, 'The live events cannot be followed.')
          onStored()
          await this.#sleeping.sleep(pauseMs)
        }
      }
    onStored()
  }

  /** Gives what the segments have. */
  async #begin(): Promise<void> {
    const { store, listener, lacking } = this.#options
    this.#isAskedAnew = false
    this.#isCaughtUp = false
    this.#position = null
    this.#newest = null
    listener.restart()
    this.#marks = await giveStoredEvents(store, lacking(), (events) => listener.take(events))
    await listener.stored()
    // Better than nothing, should Redis be away.
    if (this.#isFirst) listener.caughtUp()
    this.#isFirst = false
  }

  /** What is given from now on is new. */
  #catchUp(): void {
    if (!this.#isCaughtUp) this.#options.listener.caughtUp()
    this.#isCaughtUp = true
    if (!this.#isAskedAnew) this.#endRestart()
  }

  #endRestart(): void {
    for (const resolve of this.#restarted.splice(0)) resolve()
  }

  /** Finds where the stream goes on. */
  async #connect(): Promise<void> {
    while (!this.#position) {
      if (this.#isAskedAnew) throw new BrokenOff(askedAnew)
      const newest = await this.#newestPosition()
      this.#target = newest?.seq ?? 0
      if (newest) this.#moveTo({ epoch: newest.epoch, seq: seqIn(this.#marks, newest.epoch) })
      else {
        this.#catchUp()
        await this.#first()
      }
      if (this.#isClosed) return
    }
    if (!this.#newest) return
    const [id] = this.#newest
    const { redis, keys } = this.#options
    const [entry] = await answered(redis.xrange(keys.events, id, id))
    if (entry ? entry[1].join() !== this.#newest[1].join() : !(await this.#isFolded(this.#newest)))
      throw new BrokenOff('Redis was away and has other events now.')
  }

  /** Whether an entry may be gone because a segment has its event. */
  async #isFolded(entry: StreamEntry): Promise<boolean> {
    this.#marks = marksOf(await segmentNames(this.#options.store, 'ratings'))
    return seqOf(entry) <= seqIn(this.#marks, readEntry(entry).event.epoch)
  }

  /** Waits for the first event of all, but not for ever. */
  async #first(): Promise<void> {
    const { redis, keys } = this.#options
    const read = redis.xread('COUNT', 1, 'BLOCK', blockMs, 'STREAMS', keys.events, '0-0')
    // Events of which Redis has no number are none yet: the next one numbers them.
    if ((await answered(read)) && !(await this.#newestPosition()))
      await this.#sleeping.sleep(pauseMs)
  }

  /** Takes what is there after the position, or looks after a while whether it still holds. */
  async #read(): Promise<void> {
    if (this.#isAskedAnew || !this.#position) throw new BrokenOff(askedAnew)
    const { redis, keys } = this.#options
    const from = `${this.#position.seq}-0`
    const streams = await answered(
      redis.xread('COUNT', eventsAtOnce, 'BLOCK', blockMs, 'STREAMS', keys.events, from),
    )
    const [stream] = streams ?? []
    if (stream) return this.#take(stream[1])
    await this.#check(this.#position)
    this.#catchUp()
  }

  #take(entries: readonly StreamEntry[]): void {
    const { listener, logger } = this.#options
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
      if (!isNext) logger.error({ from: seq + 1, to: event.seq - 1 }, lost)
      epoch = event.epoch
      seq = event.seq
      next.push(event)
    }
    if (next.length > 0) {
      listener.take(next)
      this.#newest = entries[next.length - 1]!
      this.#moveTo({ epoch, seq })
    }
    if (!missing) return
    this.#missingBefore = missing[0]
    throw new BrokenOff(`The stream goes on with ${missing[0]} after ${seq}.`)
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
    if (position.seq >= this.#target) this.#catchUp()
    if (this.#isCaughtUp) this.#waiting.reached(position)
  }
}
