import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import { putLiveMovies, type ToldMovie } from '../../storage/movies/movies-segment.ts'
import type { ObjectStore } from '../../storage/object-store.ts'
import type { RatingsSegment } from '../../storage/ratings/load-ratings.ts'
import { encodeRatings, putLiveRatings } from '../../storage/ratings/ratings-segment.ts'
import { type LiveRatings, LiveRatingsBuilder } from '../../storage/ratings/told/live-ratings.ts'
import { type LiveMark, marksOf, seqIn } from '../../storage/segments/live-marks.ts'
import {
  type LiveRange,
  liveNameOf,
  segmentKey,
  segmentNames,
} from '../../storage/segments/segment-names.ts'
import type { LiveMovie } from '../live-event.ts'
import type { LiveKeys } from '../live-keys.ts'
import { liveScripts, newestPosition } from '../scripts.ts'
import { readEntry, type StreamEntry, seqOf, type ToldEvent } from '../stream-entry.ts'

const entriesAtOnce = 5_000
const eventsBetweenPauses = 5_000
/** More go into several segments. */
const largestSegment = 500_000
const maxAttempts = 10

type Folded = {
  readonly ratings: LiveRatings
  readonly movies: readonly ToldMovie[]
  readonly moviesToldMs: number
}

/** Events next to each other of one epoch. */
type Run = { readonly range: LiveRange; readonly events: readonly ToldEvent[] }

/** The log as whoever folds it uses it; the commands of the connection may wait for Redis. */
export type FoldOptions = {
  readonly redis: Redis
  readonly keys: LiveKeys
  readonly store: ObjectStore
  readonly logger: Logger
}

/**
 * Folds the events that are in the stream now into segments, trims the stream, and gives up to
 * where the segments go. The segment is the commit: killed before it, nothing has happened; after
 * it, the next one finds it in the listing, folds what follows and trims. Two at once begin at the
 * same event, so that one's segment holds the other's (see `segmentNames`).
 */
export async function foldLive(options: FoldOptions): Promise<LiveMark[]> {
  for (let attempt = 1; ; attempt++)
    try {
      return await foldOnce(options)
    } catch (error) {
      if (!(error instanceof StartedAnew) || attempt === maxAttempts) throw error
    }
}

/** Redis went away and came back meanwhile. */
class StartedAnew extends Error {}

async function foldOnce(options: FoldOptions): Promise<LiveMark[]> {
  const { redis, keys, store } = options
  const newest = await newestPosition(redis, keys)
  const marks = marksOf(await segmentNames(store, 'ratings'))
  if (newest === null) return marks
  const server = await serverOf(redis)
  for await (const run of runsOf(options, marks, newest.seq)) {
    // Back after a power failure, Redis may have lost what was just read, and give other events
    // the same numbers.
    if ((await serverOf(redis)) !== server) throw new StartedAnew('Redis has started anew.')
    await storeRun(store, run)
  }
  const folded = marksOf(await segmentNames(store, 'ratings'))
  const { epoch } = newest
  await liveScripts(redis, keys).trim({ epoch, seq: seqIn(folded, epoch) })
  return folded
}

/** The events after the marks up to a number, in runs that make a segment each. */
async function* runsOf(
  { redis, keys, store, logger }: FoldOptions,
  found: readonly LiveMark[],
  last: number,
): AsyncGenerator<Run> {
  let marks = found
  let events: ToldEvent[] = []
  for await (const entries of pagesOf(redis, keys, last))
    for (const entry of entries) {
      const told = readEntry(entry)
      const { epoch, seq } = told.event
      if (seq <= seqIn(marks, epoch)) continue
      const before = events.at(-1)?.event ?? { epoch, seq: seqIn(marks, epoch) }
      const isNext = epoch === before.epoch && seq === before.seq + 1
      if (!isNext && epoch === before.epoch) {
        // Somebody else has folded them, unless Redis has lost them.
        marks = marksOf(await segmentNames(store, 'ratings'))
        if (seqIn(marks, epoch) < seq - 1)
          logger.error({ from: before.seq + 1, to: seq - 1 }, 'Live events are missing in Redis.')
      }
      if (events.length > 0 && (!isNext || events.length === largestSegment)) {
        yield runOf(events)
        events = []
      }
      events.push(told)
    }
  if (events.length > 0) yield runOf(events)
}

function runOf(events: readonly ToldEvent[]): Run {
  const { epoch, seq: from } = events[0]!.event
  return { range: { epoch, from, to: events.at(-1)!.event.seq }, events }
}

/** The entries of the stream up to a number, some thousand at once. */
async function* pagesOf(
  redis: Redis,
  keys: LiveKeys,
  last: number,
): AsyncGenerator<readonly StreamEntry[]> {
  for (let from = '-'; ; ) {
    const entries = await redis.xrange(keys.events, from, `${last}-0`, 'COUNT', entriesAtOnce)
    if (entries.length > 0) yield entries
    if (entries.length < entriesAtOnce) return
    from = `${seqOf(entries.at(-1)!) + 1}-0`
  }
}

/**
 * The events that no segment has yet, as segments that would be stored; those that are folded
 * meanwhile may come, too.
 */
export async function unfoldedSegments(options: FoldOptions): Promise<RatingsSegment[]> {
  const marks = marksOf(await segmentNames(options.store, 'ratings'))
  const newest = await newestPosition(options.redis, options.keys)
  const segments: RatingsSegment[] = []
  if (newest !== null)
    for await (const run of runsOf(options, marks, newest.seq)) {
      const name = liveNameOf(run.range, run.events.at(-1)!.toldMs)
      const bytes = new Uint8Array(Buffer.concat(encodeRatings((await foldedOf(run)).ratings)))
      segments.push({ key: segmentKey('ratings', name), bytes })
    }
  return segments
}

async function storeRun(store: ObjectStore, run: Run): Promise<void> {
  const { range, events } = run
  const { ratings, movies, moviesToldMs } = await foldedOf(run)
  if (movies.length > 0) await putLiveMovies(store, movies, range, moviesToldMs)
  // The one commit, though it may hold no rating: its name says that the events are folded.
  await putLiveRatings(store, ratings, range, events.at(-1)!.toldMs)
}

/** What the events make of ratings and of movies, and when the last of a movie was told. */
async function foldedOf({ range, events }: Run): Promise<Folded> {
  const ratings = new LiveRatingsBuilder()
  const movies = new Map<string, ToldMovie>()
  let moviesToldMs = 0
  for (const [i, { event, toldMs }] of events.entries()) {
    // A server that counts what is stored has others to answer.
    if (i % eventsBetweenPauses === eventsBetweenPauses - 1) await new Promise(setImmediate)
    const { told } = event
    const offset = event.seq - range.from
    if (event.type === 'rated') ratings.rate(event.userId, event.movieId, { ...event, offset })
    else if (event.type === 'unrated')
      ratings.rate(event.userId, event.movieId, {
        ...{ rating: Number.NaN, timestamp: told, told, offset },
      })
    else if (event.type === 'user-erased') ratings.erase(event.userId, told, offset)
    else {
      movies.set(event.movieId, toldMovie(event.movieId, event.movie))
      moviesToldMs = toldMs
    }
  }
  return { ratings: ratings.build(), movies: [...movies.values()], moviesToldMs }
}

function toldMovie(movieId: string, movie: LiveMovie | null): ToldMovie {
  if (movie === null) return { movieId, title: '', year: null, genres: [], isGone: true }
  const { title, year, genres, hidden } = movie
  return { movieId, title, year, genres, ...(hidden && { isHidden: true }) }
}

/** What Redis draws anew whenever it starts. */
async function serverOf(redis: Redis): Promise<string | undefined> {
  return /^run_id:(\w+)/m.exec(await redis.info('server'))?.[1]
}
