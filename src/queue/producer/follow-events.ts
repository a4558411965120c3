import { setTimeout as sleep } from 'node:timers/promises'
import type { JobEvent } from '../job-events-store.ts'

const pollMs = 300

/** Where the events of one job come from. */
export type EventSource = {
  since(after: string | undefined): Promise<JobEvent[]>
  lastId(): Promise<string | null>
  /** Writes the last event if the job has ended; says whether it has. */
  endIfOver(): Promise<boolean>
}

/**
 * The events after `after`, then those that come, up to and with the one that says how the job
 * ended. An id that is later than all there is comes from another Redis: then all are replayed. It
 * asks three times a second on the shared connection, so that a reader costs no connection.
 */
export async function* followEvents(
  source: EventSource,
  { after, signal }: { after?: string; signal: AbortSignal },
): AsyncGenerator<JobEvent> {
  let last = await startingPoint(source, after)
  while (!signal.aborted) {
    // Asked before reading: what is read after the job was over is all there will be.
    const isOver = await source.endIfOver()
    for (const event of await source.since(last)) {
      if (signal.aborted) return
      yield event
      if (event.type === 'ended') return
      last = event.id
    }
    if (isOver) return
    await sleep(pollMs, undefined, { signal }).catch(() => {})
  }
}

async function startingPoint(source: EventSource, after?: string): Promise<string | undefined> {
  if (after === undefined || !/^\d{1,15}-\d{1,15}$/.test(after)) return undefined
  const last = await source.lastId()
  return last !== null && !isLater(after, last) ? after : undefined
}

/** Ids are `milliseconds-number` and compare as numbers: 9-9 comes before 9-10. */
function isLater(id: string, other: string): boolean {
  const [time = 0, count = 0] = id.split('-').map(Number)
  const [otherTime = 0, otherCount = 0] = other.split('-').map(Number)
  return time > otherTime || (time === otherTime && count > otherCount)
}
