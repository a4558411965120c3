import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import type { ObjectStore } from '../storage/object-store.ts'
import { type LiveMark, marksOf, seqIn } from '../storage/segments/live-marks.ts'
import { segmentNames } from '../storage/segments/segment-names.ts'
import type { LiveListener, LivePosition, Told } from './live-event.ts'
import type { LiveKeys } from './live-keys.ts'
import { nextEvents } from './next-events.ts'
import { answered, RedisAway } from './redis-away.ts'
import { faultOf, hasStill } from './same-redis.ts'
import { newestPosition } from './scripts.ts'
import { giveStoredEvents } from './segment-events.ts'
import { type StreamEntry, seqOf } from './stream-entry.ts'
import { StreamReader } from './stream-reader.ts'
import { Sleeping, Waiting } from './waiting.ts'

/** How long Redis holds a question for events that are not there yet. */
const blockMs = 1_000
/** Unless Redis is back before. */
const pauseMs = 1_000
/** Where this process itself tells one event after the other, it looks for others' so often. */
const ownMs = 5

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
  readonly #reader: StreamReader
  /** Up to where the segments went when they were given. */
  #marks: readonly LiveMark[] = []
  /** For others to look at: up to where all was given, and the gaps of lost events on the way. */
  position: LivePosition | null = null
  gaps = 0
  /** The newest entry that was read, not told: after an outage it must be there, or in a segment. */
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
  /** Whether Redis has been the same since the position was compared with what it has. */
  #isConnected = false
  /** Whether this process has told something since the last look at the stream. */
  #hasTold = false
  #isClosed = false
  readonly #sleeping = new Sleeping()
  #done: Promise<void> = Promise.resolve()

  constructor(options: FollowerOptions) {
    this.#options = options
    this.#reader = new StreamReader(options.redis, options.keys.events, blockMs)
    options.redis.on('ready', () => this.#sleeping.wake())
    options.redis.on('close', () => {
      this.#isConnected = false
    })
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

  /**
   * Resolves when the listener has taken it, or it is of a Redis that is gone, or after so long. What
   * comes next in order it takes at once, and need not read.
   */
  async taken({ position, time, texts }: Told, mostMs: number): Promise<void> {
    this.#hasTold = true
    const { epoch, seq } = position
    const first = seq - texts.length + 1
    const at = this.#isConnected && this.#isCaughtUp ? this.position : null
    const isNext = at?.epoch === epoch && at.seq === first - 1
    if (isNext) this.#take(texts.map((text, i) => [`${first + i}-0`, [epoch, `${time} ${text}`]]))
    else this.#sleeping.wake()
    const isTaken = isNext || (at?.epoch === epoch && at.seq >= seq)
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
        this.#isConnected = redis.status === 'ready'
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
    this.position = null
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
    while (!this.position) {
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
    const { redis, keys, store } = this.#options
    this.#marks = marksOf(await segmentNames(store, 'ratings'))
    if (!(await answered(hasStill(this.#newest, this.#marks, { redis, keys }))))
      throw new BrokenOff('Redis was away and has other events now.')
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
    if (this.#isAskedAnew || !this.position) throw new BrokenOff(askedAnew)
    // What it has taken of its own comes again, so that it is compared with what Redis has.
    const from = this.#newest ? seqOf(this.#newest) : this.position.seq
    const entries = await this.#reader.after(from)
    if (entries.length > 0) {
      this.#take(entries)
      this.#newest = entries.at(-1)!
      if (this.#hasTold) await this.#sleeping.sleep(ownMs)
      this.#hasTold = false
      return
    }
    const reason = faultOf(this.position, await this.#newestPosition(), this.#marks)
    if (reason) throw new BrokenOff(reason)
    this.#catchUp()
  }

  #take(entries: readonly StreamEntry[]): void {
    const { listener, logger } = this.#options
    const next = nextEvents(entries, this.position!, this.#missingBefore)
    for (const numbers of next.lost) logger.error({ ...numbers, gap: ++this.gaps }, lost)
    if (next.newest) {
      listener.take(next.events)
      this.#moveTo(next.events.at(-1)!)
    }
    if (!next.missing) return
    this.#missingBefore = next.missing[0]
    throw new BrokenOff(`The stream goes on with ${next.missing[0]} after ${this.position!.seq}.`)
  }

  #newestPosition(): Promise<LivePosition | null> {
    return answered(newestPosition(this.#options.redis, this.#options.keys))
  }

  #moveTo({ epoch, seq }: LivePosition): void {
    this.position = { epoch, seq }
    if (seq >= this.#target) this.#catchUp()
    if (this.#isCaughtUp) this.#waiting.reached(this.position)
  }
}
