import { LRUCache } from 'lru-cache'
import type { ExperimentCounts } from '../../../live/experiments/experiment-counts.ts'
import type { Live } from '../../../live/live.ts'
import type { NewLiveEvent } from '../../../live/live-event.ts'
import { placeOf } from '../../../model/experiments/assignment.ts'
import type { Arms } from '../../../serving/experiment/experiment-arms.ts'
import type { Snapshot } from '../../../serving/snapshot.ts'

type Shown = { readonly items: readonly { readonly movieId: string }[] }

/** Notes what happens to users of an experiment, without holding up what is answered. */
export type Occurrences = {
  /** A list that was made for a user is shown; `text` names it where it may be shown again. */
  shown<List extends Shown>(
    snapshot: Snapshot,
    userId: string | undefined,
    list: List,
    text?: string,
  ): List
  /** Such a list is shown once more; false where this process has not made it. */
  shownAgain(snapshot: Snapshot, userId: string, text: string): boolean
  /** The log, whose ratings are noted once it has them. */
  watched(log: Log): Log
}

type Log = Pick<Live, 'append' | 'appendOnce'>

const mostRemembered = 20_000

/** Notes for the experiment that runs. */
export function createOccurrences(serving: Arms, counts: ExperimentCounts): Occurrences {
  const remembered = new LRUCache<string, readonly string[]>({ max: mostRemembered })
  const noteList = (snapshot: Snapshot, userId: string, movieIds: readonly string[]) => {
    const experiment = serving.experiment()?.experiment
    if (experiment?.name !== snapshot.experiment?.name || !experiment) return
    counts.note(experiment, { ...placeOf(experiment, userId), at: seconds(), movieIds })
  }
  const noteRatings = (events: readonly NewLiveEvent[]) => {
    const running = serving.experiment()
    if (!running || running.refusal !== null) return
    const { experiment } = running
    for (const event of events) {
      if (event.type !== 'rated') continue
      const { userId, movieId, rating, timestamp: at } = event
      const isConversion = experiment.counts === 'ratings' || rating >= experiment.likedFrom
      counts.note(experiment, { ...placeOf(experiment, userId), at, movieId, rating, isConversion })
    }
  }
  return {
    shown(snapshot, userId, list, text) {
      if (!snapshot.experiment || userId === undefined) return list
      const movieIds = list.items.map(({ movieId }) => movieId)
      if (text !== undefined) remembered.set(text, movieIds)
      noteList(snapshot, userId, movieIds)
      return list
    },
    shownAgain(snapshot, userId, text) {
      const movieIds = snapshot.experiment && remembered.get(text)
      if (movieIds) noteList(snapshot, userId, movieIds)
      return movieIds !== undefined
    },
    watched: (log) => ({
      async append(events) {
        const position = await log.append(events)
        noteRatings(events)
        return position
      },
      async appendOnce(events, once) {
        const kept = await log.appendOnce(events, once)
        noteRatings(events)
        return kept
      },
    }),
  }
}

function seconds(): number {
  return Math.floor(Date.now() / 1_000)
}
