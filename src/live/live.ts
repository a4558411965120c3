import type { Logger } from 'pino'
import {
  firstAnswer,
  openFollowerConnection,
  openProducerConnection,
} from '../redis/connections.ts'
import { faultOf } from '../redis/faults.ts'
import type { RedisSettings } from '../redis/options.ts'
import { tryToWrite, warnOfDangers } from '../redis/state.ts'
import type { ObjectStore } from '../storage/object-store.ts'
import type { RatingsSegment } from '../storage/ratings/load-ratings.ts'
import { type LiveMark, marksOf } from '../storage/segments/live-marks.ts'
import { segmentNames } from '../storage/segments/segment-names.ts'
import { askToFold } from './folding/compactor.ts'
import { unfoldedSegments } from './folding/fold.ts'
import type { LiveListener, LivePosition } from './live-event.ts'
import { LiveFollower } from './live-follower.ts'
import { liveKeys } from './live-keys.ts'
import { available, createLiveLog, type RedisLog } from './live-log.ts'
import { newestPosition } from './scripts.ts'
import { isRating } from './stream-entry.ts'

export type LiveOptions = RedisSettings & {
  readonly store: ObjectStore
  readonly listener: LiveListener
  /** Up to where the data of the serving model go. */
  readonly lacking: () => readonly LiveMark[]
  readonly logger: Logger
}

export type LiveFacts = {
  /** Ratings that this process told. */
  readonly told: number
  /** Up to where it has followed; null where nothing was told yet. */
  readonly position: LivePosition | null
  /** Gaps of lost events that it met. */
  readonly gaps: number
}

/** The log of a server, which answers once its own listener has taken what it appended. */
export type Live = RedisLog & {
  /** The newest event, null where there was none; a `log-unavailable` error without Redis. */
  newest(): Promise<LivePosition | null>
  /** Asks the workers to fold what there is; the position up to which they will, null for nothing. */
  compact(): Promise<LivePosition | null>
  /** The events that no segment has, as segments; a `log-unavailable` error without Redis. */
  unfolded(): Promise<RatingsSegment[]>
  /** Why nothing can be told just now, in a sentence; null where it can. */
  fault(): Promise<string | null>
  /** What this process has done by now. */
  facts(): LiveFacts
  /** As `LiveFollower.restart`. */
  restart(): Promise<void>
  close(): Promise<void>
}

/** Whoever has told an event waits no longer for this process to take it. */
const takenMs = 1_000

/**
 * Opens the log and follows it; resolves once the listener has what the segments have. Redis may be
 * away: then nothing can be told until it is there.
 */
export async function openLive(options: LiveOptions): Promise<Live> {
  const { prefix, store, logger } = options
  const keys = liveKeys(prefix)
  const redis = openProducerConnection(options, logger)
  const quiet = logger.child({}, { level: 'error' })
  const follower = new LiveFollower({
    ...options,
    keys,
    redis: openFollowerConnection(options, quiet),
  })
  let ratings = 0
  const log = createLiveLog(redis, keys, {
    folded: async () => marksOf(await segmentNames(store, 'ratings')),
    taken(told) {
      ratings += told.texts.filter(isRating).length
      return follower.taken(told, takenMs)
    },
  })
  warnOfDangers(redis, prefix, logger)
  await Promise.all([follower.start(), firstAnswer(redis)])
  const newest = () => newestPosition(redis, keys)
  return {
    ...log,
    newest: () => available(newest()),
    compact: () =>
      available(
        newest().then(async (position) => {
          if (position) await askToFold(redis, keys, position)
          return position
        }),
      ),
    unfolded: () => available(unfoldedSegments({ redis, keys, store, logger })),
    // This connection may be away while those of others are back.
    fault: () =>
      tryToWrite(redis, prefix).then(
        () => null,
        (error: unknown) => faultOf(error).sentence,
      ),
    facts: () => ({ told: ratings, position: follower.position, gaps: follower.gaps }),
    restart: () => follower.restart(),
    async close() {
      redis.disconnect()
      await follower.close()
    },
  }
}
