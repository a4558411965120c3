import { setTimeout as sleep } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import { openWorkerConnection } from '../../redis/connections.ts'
import type { RedisSettings } from '../../redis/options.ts'
import type { ObjectStore } from '../../storage/object-store.ts'
import { seqIn } from '../../storage/segments/live-marks.ts'
import type { LivePosition } from '../live-event.ts'
import { type LiveKeys, liveKeys } from '../live-keys.ts'
import { compactLive } from './compact.ts'

const lookMs = 1_000
/** After a fault, such as a full disk. */
const pauseMs = 10_000

export type CompactorOptions = RedisSettings & {
  readonly store: ObjectStore
  /** With more events the stream is folded unasked. */
  readonly mostEvents: number
  readonly logger: Logger
}

/**
 * Folds the stream whenever it is long or somebody wants it folded, then puts small segments
 * together. Every worker does so, beside its training: several at once do no harm, and what one
 * leaves undone when it is killed the next one does.
 */
export function startCompactor(options: CompactorOptions): { close(): Promise<void> } {
  const { prefix, store, mostEvents, logger } = options
  const closing = new AbortController()
  const { signal } = closing
  const redis = openWorkerConnection(options, logger.child({}, { level: 'error' }), signal)
  const keys = liveKeys(prefix)

  const compact = async () => {
    const wanted = await redis.get(keys.wanted)
    if (wanted === null && (await redis.xlen(keys.events)) <= mostEvents) return
    const marks = await compactLive({ redis, keys, store, logger })
    logger.info({ upTo: marks }, 'Live ratings were folded.')
    if (wanted !== null) await forget(redis, keys, wanted, marks)
  }
  const run = async () => {
    while (!signal.aborted) {
      const isGood = await compact().then(
        () => true,
        (error: unknown) => {
          if (!signal.aborted) logger.error({ err: error }, 'Live ratings could not be folded.')
          return false
        },
      )
      await sleep(isGood ? lookMs : pauseMs, undefined, { signal }).catch(() => {})
    }
  }
  const done = run()
  return {
    async close() {
      closing.abort()
      redis.disconnect()
      await done
    },
  }
}

/** Asks the workers to fold the events up to a position. */
export async function askToFold(redis: Redis, keys: LiveKeys, { epoch, seq }: LivePosition) {
  await redis.set(keys.wanted, `${epoch} ${seq}`)
}

/** What is folded is wanted no more, nor what belonged to a Redis that is gone. */
async function forget(
  redis: Redis,
  keys: LiveKeys,
  wanted: string,
  marks: readonly LivePosition[],
): Promise<void> {
  const [epoch = '', seq] = wanted.split(' ')
  const current = await redis.hget(keys.state, 'epoch')
  if (epoch === current && seqIn(marks, epoch) < Number(seq)) return
  await redis.eval(
    `if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end`,
    ...([1, keys.wanted, wanted] as const),
  )
}
