import { setTimeout as sleep } from 'node:timers/promises'
import type { JobProgress } from '../../model/progress.ts'
import type { JobEvent, KeptEvent } from '../job-events-store.ts'

const pollMs = 300
/** While a job runs, its progress is told so often, whether or not it has changed. */
const heartbeatMs = 900

/** Where the events of one job come from. */
export type EventSource = {
  since(after: string | undefined): Promise<KeptEvent[]>
  lastId(): Promise<string | null>
  /** Writes the last event if the job has ended; says whether it has. */
  endIfOver(): Promise<boolean>
  progress(): Promise<JobProgress>
}

/**
 * The events after `after`, then those that come, up to and with the one that says how the job
 * ended; between them how far it is, when that has changed, and once a second while it runs. An id
 * that is later than all there is comes from another Redis: then all are replayed. It asks three
 * times a second on the shared connection, so that a reader costs no connection.
 */
export async function* followEvents(
  source: EventSource,
  {
    after,
    signal,
    now = () => performance.now(),
  }: {
    after?: string
    signal: AbortSignal
    now?: () => number
  },
): AsyncGenerator<JobEvent> {
  const news = createNews(now)
  let last = await startingPoint(source, after)
  while (!signal.aborted) {
    // Asked before reading: what is read after the job was over is all there will be.
    const isOver = await source.endIfOver()
    const events = await source.since(last)
    const progress = news(await source.progress())
    for (const event of events) {
      if (signal.aborted) return
      if (event.type === 'ended' && progress) yield progress
      yield event
      if (event.type === 'ended') return
      last = event.id
    }
    if (progress) yield progress
    if (isOver) return
    await sleep(pollMs, undefined, { signal }).catch(() => {})
  }
}

/** Makes an event of progress that has changed or is due; null of any other. */
function createNews(now: () => number) {
  let told = ''
  let at = Number.NEGATIVE_INFINITY
  return (data: JobProgress): JobEvent | null => {
    const text = JSON.stringify(data)
    const isDue = data.phase !== 'queued' && now() - at >= heartbeatMs - pollMs
    if (text === told && !isDue) return null
    told = text
    at = now()
    return { id: null, type: 'progress', data }
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
