import { LRUCache } from 'lru-cache'

/** Counts that all processes add to. */
export type SharedCounts = {
  /** Adds to the counts of these names in this minute; gives what they are now, in their order. */
  add(minute: number, added: ReadonlyMap<string, number>): Promise<number[]>
  close(): void
}

/** Requests of a name in this minute and the one before, as far as this process knows. */
type Count = { minute: number; before: number; told: number; untold: number }

export type RequestCounts = {
  /**
   * Counts a request unless it is one too many of a minute, by estimate. Gives how long to wait until
   * there is room for it, in milliseconds; 0 where it was counted.
   */
  take(name: string, limit: number): number
  close(): void
}

const minuteMs = 60_000
/** So late the other processes learn of what was counted here. */
const tellEveryMs = 250
const mostNames = 10_000

/**
 * Counts requests by a sliding window: those of this minute and, as much of the minute before as the last
 * sixty seconds have, of that. It is an estimate, as if those of the minute before had come evenly: no
 * minute of the clock has more than the limit, but sixty seconds over two of them can have up to twice
 * as many. Who asks waits for nobody: what was counted here is told to `shared` a moment later, and
 * counts of the others come back; while it is away each process counts for itself.
 */
export function createRequestCounts(shared?: SharedCounts): RequestCounts {
  const counts = new LRUCache<string, Count>({ max: mostNames })
  let timer: NodeJS.Timeout | undefined
  const minuteNow = (now: number) => Math.floor(now / minuteMs)

  const countOf = (name: string, minute: number): Count => {
    const count = counts.get(name)
    if (count?.minute === minute) return count
    const before = count?.minute === minute - 1 ? count.told + count.untold : 0
    const begun = { minute, before, told: 0, untold: 0 }
    counts.set(name, begun)
    return begun
  }
  const isUntold = (minute: number) => (count: Count) => count.minute === minute && count.untold > 0
  const arm = (to: SharedCounts) => {
    timer ??= setTimeout(tell, tellEveryMs, to).unref()
  }
  const tell = async (to: SharedCounts) => {
    const minute = minuteNow(Date.now())
    const telling = [...counts].filter(([, count]) => isUntold(minute)(count))
    const added = new Map(telling.map(([name, { untold }]) => [name, untold]))
    try {
      const totals = await to.add(minute, added)
      for (const [i, [name, count]] of telling.entries()) {
        count.told = totals[i]!
        count.untold -= added.get(name)!
      }
      timer = undefined
      if ([...counts.values()].some(isUntold(minute))) arm(to)
    } catch {
      // It is told with what comes next; that Redis is away is said elsewhere.
      timer = undefined
    }
  }
  const waitOf = ({ before, told, untold }: Count, limit: number, now: number) => {
    const passed = (now % minuteMs) / minuteMs
    const counted = told + untold
    if (before * (1 - passed) + counted + 1 <= limit) return 0
    // The rest of `before` that leaves room in this minute, else of `counted` in the next.
    const at = counted + 1 <= limit ? 1 - (limit - counted - 1) / before : 2 - (limit - 1) / counted
    return Math.max(1, Math.ceil((at - passed) * minuteMs))
  }
  return {
    take(name, limit) {
      const now = Date.now()
      const count = countOf(name, minuteNow(now))
      const wait = waitOf(count, limit, now)
      if (wait > 0) return wait
      count.untold += 1
      if (shared) arm(shared)
      return 0
    },
    close() {
      clearTimeout(timer)
      shared?.close()
    },
  }
}
