import type { Redis } from 'ioredis'
import { type LiveMark, seqIn } from '../storage/segments/live-marks.ts'
import type { LivePosition } from './live-event.ts'
import type { LiveKeys } from './live-keys.ts'
import { readEntry, type StreamEntry, seqOf } from './stream-entry.ts'

/** Whether Redis has an entry that was read from it before, or the segments have its event. */
export async function hasStill(
  read: StreamEntry,
  marks: readonly LiveMark[],
  { redis, keys }: { redis: Redis; keys: LiveKeys },
): Promise<boolean> {
  const [id, fields] = read
  const [entry] = await redis.xrange(keys.events, id, id)
  if (entry) return entry[1].join() === fields.join()
  return seqOf(read) <= seqIn(marks, readEntry(read).event.epoch)
}

/** Why events cannot go on from a position, in a sentence; null where they can. */
export function faultOf(
  { epoch, seq }: LivePosition,
  newest: LivePosition | null,
  marks: readonly LiveMark[],
): string | null {
  // A stream that began anew never goes on from here.
  if (newest?.epoch !== epoch) return 'Redis has another epoch.'
  if (newest.seq < seq && seq > seqIn(marks, epoch))
    return `Redis has only ${newest.seq} events, ${seq} were read.`
  return null
}
