import type { JobProgress } from '../../model/progress.ts'
import { isLater, type JobEvent, type KeptEvent } from '../job-events-store.ts'
import { type FollowedJob, type JobFollower, lookMs } from './job-follower.ts'

/** While a job runs, its progress is told so often, whether or not it has changed. */
const heartbeatMs = 900

/**
 * The events after `after`, then those that come, up to and with the one that says how the job
 * ended; between them how far it is, when that has changed, and once a second while it runs. An id
 * that is later than all there is comes from another Redis: then all are replayed.
 */
export async function* followEvents(
  follower: Pick<JobFollower, 'follow'>,
  id: string,
  {
    after,
    signal,
    now = () => performance.now(),
  }: {
    after?: string | undefined
    signal: AbortSignal
    now?: () => number
  },
): AsyncGenerator<JobEvent> {
  const { job, leave } = follower.follow(id)
  const news = createNews(now)
  let last: string | undefined
  try {
    for (let looks = 0; !signal.aborted; ) {
      if (job.looks === looks && !job.isOver) await job.look(signal)
      if (job.error) throw job.error
      if (job.progress === null) continue
      if (looks === 0) last = startingPoint(job, after)
      looks = job.looks
      const { isOver } = job
      const progress = news(job.progress)
      for (const event of eventsAfter(job.events, last)) {
        if (signal.aborted) return
        if (event.type === 'ended' && progress) yield progress
        yield event
        if (event.type === 'ended') return
        last = event.id
      }
      if (progress) yield progress
      if (isOver) return
    }
  } finally {
    leave()
  }
}

function eventsAfter(events: readonly KeptEvent[], last: string | undefined) {
  return last === undefined ? events : events.filter(({ id }) => isLater(id, last))
}

/** Makes an event of progress that has changed or is due; null of any other. */
function createNews(now: () => number) {
  let told = ''
  let at = Number.NEGATIVE_INFINITY
  return (data: JobProgress): JobEvent | null => {
    const text = JSON.stringify(data)
    const isDue = data.phase !== 'queued' && now() - at >= heartbeatMs - lookMs
    if (text === told && !isDue) return null
    told = text
    at = now()
    return { id: null, type: 'progress', data }
  }
}

function startingPoint({ events }: FollowedJob, after?: string): string | undefined {
  if (after === undefined || !/^\d{1,15}-\d{1,15}$/.test(after)) return undefined
  const last = events.at(-1)?.id
  return last !== undefined && !isLater(after, last) ? after : undefined
}
