import type { LiveEvent, LivePosition } from './live-event.ts'
import { readEntry, type StreamEntry, seqOf } from './stream-entry.ts'

/** What some entries of the stream have for somebody who has taken all up to a position. */
export type NextEvents = {
  readonly events: readonly LiveEvent[]
  /** The entry of the last of them. */
  readonly newest: StreamEntry | null
  /** The first entry before which numbers are missing; no event from there on is given. */
  readonly missing: StreamEntry | null
  /** The numbers that are missing for good, of each gap the first and the last. */
  readonly lost: readonly { readonly from: number; readonly to: number }[]
}

/**
 * The events that go on where somebody stands; what was taken already is passed over. Before the
 * entry `lostBefore` (its id) numbers may be missing.
 */
export function nextEvents(
  entries: readonly StreamEntry[],
  { epoch, seq }: LivePosition,
  lostBefore: string,
): NextEvents {
  const events: LiveEvent[] = []
  const lost: { from: number; to: number }[] = []
  let newest: StreamEntry | null = null
  for (const entry of entries) {
    if (newest === null && entry[1][0] === epoch && seqOf(entry) <= seq) continue
    const isNext = entry[1][0] === epoch && seqOf(entry) === seq + 1
    if (!isNext && entry[0] !== lostBefore) return { events, newest, missing: entry, lost }
    const { event } = readEntry(entry)
    if (!isNext) lost.push({ from: seq + 1, to: event.seq - 1 })
    epoch = event.epoch
    seq = event.seq
    events.push(event)
    newest = entry
  }
  return { events, newest, missing: null, lost }
}
